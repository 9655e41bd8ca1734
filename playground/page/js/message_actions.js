// What one can do with a message: a small bar at the message under the pointer or the focus, a menu, and keys.

import { arrowKeys, confirm, openPopover } from "./dialogs.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { onLongPress } from "./long_press.js";
import { addReaction } from "./reactions.js";

/** All that this person can do with a message: {name, label, icon, key, run(anchor, event), bar?}. */
function actionsFor(app, message) {
  const may = app.store.get("channel")?.may ?? {};
  const said = !message.notice && !message.thinking;
  return [
    said &&
      !message.ephemeral &&
      may.react && {
        label: "Add a reaction",
        icon: "smile",
        key: "+",
        bar: true,
        run: (anchor) => addReaction(app, message, anchor),
      },
    !message.ephemeral &&
      may.send && { label: "Reply", icon: "reply", key: "r", bar: true, run: () => app.store.set("reply", message) },
    message.may.edit && {
      label: "Edit",
      icon: "pen",
      key: "e",
      bar: true,
      run: () => app.store.set("editing", message.id),
    },
    { label: "What happened", icon: "search", key: "w", bar: message.traced, run: () => app.showTrace(message.id) },
    message.may.pin && { label: message.pinned ? "Unpin" : "Pin", icon: "pin", key: "p", run: () => pin(app, message) },
    message.text && { label: "Copy the text", icon: "copy", key: "c", run: () => copy(app, message.text) },
    { label: "Copy the id", icon: "hash", run: () => copy(app, message.id) },
    message.ephemeral && { label: "Dismiss", icon: "close", key: "Delete", run: () => app.dismiss(message.id) },
    message.may.delete && {
      label: "Delete",
      icon: "trash",
      key: "Delete",
      danger: true,
      run: (_anchor, event) => remove(app, message, event),
    },
  ].filter(Boolean);
}

const pin = (app, { channel, id, pinned }) => app.tell("pin", { channel, message: id, pinned: !pinned });

async function copy(app, text) {
  await navigator.clipboard.writeText(text);
  app.store.set("toast", { kind: "success", title: "Copied.", text: "", detail: "" });
}

/** With Shift there's no question, as in Discord. */
async function remove(app, { channel, id, author, text }, event) {
  const what = text ? `“${[...text].slice(0, 200).join("")}”` : `The message of ${author.display}`;
  if (event?.shiftKey || (await confirm("Delete the message?", `${what} will be gone for everybody.`, "Delete"))) {
    app.tell("delete", { channel, message: id });
  }
}

/** Let the bar follow pointer and focus, and open the menu on a right click, a long press or the bar's last button. */
export function attachActions(app, log, list) {
  // It comes and goes in the log, which isn't news.
  const bar = h("div", { class: "actions", role: "toolbar", "aria-label": "Message actions", "aria-live": "off" });
  let shown = null; // the message that the bar was made for

  function show(entry) {
    if (!entry || bar.querySelector('[aria-expanded="true"]')) return;
    const there = bar.parentElement === entry.article;
    // Not under the finger that presses it.
    if (there && (shown === entry.message || bar.contains(document.activeElement))) return;
    shown = entry.message;
    const more = h(
      "button",
      {
        class: "icon-button",
        "aria-label": "More",
        title: "More",
        "aria-haspopup": "menu",
        onclick: () => menu(entry),
      },
      icon("dots"),
    );
    const buttons = actionsFor(app, shown).filter((action) => action.bar);
    bar.replaceChildren(...buttons.map((action) => barButton(action)), more);
    entry.article.append(bar);
  }

  function barButton({ label, icon: name, run }) {
    const button = h(
      "button",
      { class: "icon-button", "aria-label": label, title: label, onclick: (event) => run(button, event) },
      icon(name),
    );
    return button;
  }

  function menu(entry) {
    show(entry);
    const anchor = bar.lastElementChild;
    const current = list.get(entry.message.id)?.message ?? entry.message;
    const panel = openPopover(anchor, {
      label: "Message actions",
      kind: "action-menu",
      content: h(
        "div",
        { role: "menu", "aria-label": "Message actions" },
        actionsFor(app, current).map((action) =>
          h(
            "button",
            {
              class: action.danger ? "menu-item danger" : "menu-item",
              role: "menuitem",
              onclick: (event) => {
                panel.addEventListener(
                  "toggle",
                  () => {
                    action.run(anchor, event);
                  },
                  { once: true },
                );
                panel.hidePopover();
              },
            },
            icon(action.icon, 18),
            h("span", {}, action.label),
            action.key && h("span", { class: "detail", "aria-hidden": "true" }, keyName(action.key)),
          ),
        ),
      ),
    });
    if (panel) arrowKeys(panel);
  }

  const entryAt = (target) => list.get(target.closest?.("article")?.dataset.message);
  // What scrolls under a resting pointer is not pointed at.
  log.addEventListener("pointermove", (event) => event.pointerType === "mouse" && show(entryAt(event.target)));
  log.addEventListener("focusin", (event) => !bar.contains(event.target) && show(entryAt(event.target)));
  log.addEventListener("contextmenu", (event) => {
    const entry = entryAt(event.target);
    const native =
      event.shiftKey || event.target.closest("a, img, input, textarea, pre") || !getSelection().isCollapsed;
    if (!entry || (native && event.pointerType !== "touch")) return;
    event.preventDefault();
    if (event.pointerType !== "touch") menu(entry);
  });
  onLongPress(log, (target) => entryAt(target) && menu(entryAt(target)));
}

const keyName = (key) => (key === "Delete" ? "Del" : key.toUpperCase());

/** Keys on a message that was reached by keys: r replies, e edits, Del deletes … Enter opens the menu. */
export function actByKey(app, event, list) {
  const article = event.target;
  const entry = article.matches("article:focus-visible") && list.get(article.dataset.message);
  if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const key = pressed === "Backspace" ? "Delete" : pressed;
  const action = actionsFor(app, entry.message).find((each) => each.key === key);
  if (!action && key !== "Enter") return;
  event.preventDefault();
  const more = article.querySelector(":scope > .actions > :last-child");
  if (action) action.run(more, event);
  else more.click();
}
