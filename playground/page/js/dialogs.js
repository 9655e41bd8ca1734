// Dialogs and menus: both keep the focus inside while they are open and give it back, and Esc closes them.

import { h, withKey } from "./dom.js";
import { icon } from "./icons.js";

let count = 0;

/**
 * Open a modal dialog, and return its element with `closed`, a promise of the value it was closed with.
 *
 * `content` are children; `actions` buttons at the bottom: {label, value?, style?: "primary" | "danger", run?}. `run`
 * is called (and waited for) before the dialog closes with `value`; if it throws, its sentence is shown and the dialog
 * stays. A form's Enter presses the first action. Closed by Esc, ×, or a click beside it, the value is undefined.
 */
export function openDialog({ title, content, actions = [], kind = "" }) {
  const id = `dialog-${++count}`;
  const trouble = h("p", { class: "dialog-error", role: "alert", hidden: true });
  const form = h(
    "form",
    { class: "dialog-form", novalidate: true },
    h("header", { class: "dialog-head" },
      h("h2", { id }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => finish() }, icon("close"))),
    h("div", { class: "dialog-body" }, content),
    trouble,
    actions.length > 0 && h("footer", { class: "dialog-actions" }, actions.map(button)),
  );
  const putCaretBack = caret();
  const dialog = h("dialog", { class: `dialog ${kind}`, "aria-labelledby": id }, form);
  let settle;
  dialog.closed = new Promise((resolve) => (settle = resolve));

  function button(action, index) {
    const attributes = { type: index === 0 ? "submit" : "button", class: `button ${action.style ?? ""}` };
    if (index > 0) attributes.onclick = () => act(action);
    return h("button", attributes, action.label);
  }

  async function act(action) {
    const buttons = form.querySelectorAll(".dialog-actions button");
    for (const each of buttons) each.disabled = true;
    try {
      await action.run?.();
      finish(action.value);
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    } finally {
      for (const each of buttons) each.disabled = false;
    }
  }

  function finish(value) {
    settle(value);
    dialog.close();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (actions.length > 0) act(actions[0]);
  });
  dialog.addEventListener("mousedown", (event) => event.target === dialog && finish());
  dialog.addEventListener("close", () => {
    settle(undefined);
    dialog.remove();
    putCaretBack();
  });
  document.getElementById("dialogs").append(dialog);
  dialog.finish = finish;
  dialog.showModal();
  form.querySelector("[autofocus], .dialog-body :is(input, select, textarea), .dialog-actions button")?.focus();
  return dialog;
}

/** How to put the caret where it is now; of text that has the focus Chromium forgets it when a dialog closes. */
function caret() {
  const field = document.activeElement;
  if (!field?.matches("textarea")) return () => {};
  const { selectionStart: from, selectionEnd: to } = field;
  return () => document.activeElement === field && field.setSelectionRange(from, to);
}

/** Ask before something is done that can't be undone; resolves to whether to do it. */
export async function confirm(title, sentence, label) {
  const dialog = openDialog({
    title,
    content: h("p", {}, sentence),
    actions: [{ label, value: true, style: "danger" }, { label: "Cancel", value: false }],
  });
  return (await dialog.closed) === true;
}

const openPanels = new Map(); // by what opened them
let pressed = null; // what the pointer pressed last, if that had a panel open: the press closes it before the click

document.addEventListener("pointerdown", ({ target }) => {
  pressed = [...openPanels.keys()].find((anchor) => anchor.contains(target)) ?? null;
}, true);

/**
 * Open a small panel next to the element that it belongs to, or at the bottom of a narrow screen. A second click there
 * closes it. Returns the panel; `panel.hidePopover()` closes it.
 */
export function openPopover(anchor, { label, content, kind = "" }) {
  if (pressed === anchor || openPanels.has(anchor)) {
    pressed = null;
    openPanels.get(anchor)?.hidePopover();
    return null;
  }
  const panel = h("div", { class: `popover ${kind}`, popover: "auto", role: "dialog", "aria-label": label }, content);
  openPanels.set(anchor, panel);
  const list = anchor.parentElement?.closest("[id]"); // it may be drawn anew meanwhile, and the anchor with it
  anchor.setAttribute("aria-expanded", "true");
  // At once: what closed it may open the next one here.
  panel.addEventListener("beforetoggle", (event) => event.newState === "closed" && openPanels.delete(anchor));
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "open") return;
    if (!openPanels.has(anchor)) anchor.setAttribute("aria-expanded", "false");
    if (panel.contains(document.activeElement)) {
      const { key } = anchor.dataset;
      (anchor.isConnected || !list || !key ? anchor : withKey(list, key))?.focus({ preventScroll: true });
    }
    panel.remove();
  });
  // Everything beside an open modal dialog is inert.
  (anchor.closest("dialog") ?? document.getElementById("dialogs")).append(panel);
  panel.showPopover();
  place(panel, anchor);
  // What it shows may come or grow later. The line that was pressed may be gone then, and the panel stays where it is.
  new ResizeObserver(() => place(panel, anchor)).observe(panel);
  (panel.querySelector("[autofocus]") ?? panel.querySelector("button, input, select, a[href]"))?.focus();
  return panel;
}

const MARGIN_PX = 8;

/** Put a panel where there is room: below its anchor, else above, else beside; the stylesheet takes narrow screens. */
export function place(panel, anchor) {
  if (!anchor.isConnected) return;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const beside = anchor.dataset.popover === "left";
  const left = beside ? at.left - width - MARGIN_PX : Math.min(at.left, innerWidth - width - MARGIN_PX);
  const below = beside ? at.top : at.bottom + MARGIN_PX / 2;
  const fits = below + height + MARGIN_PX <= innerHeight;
  const top = fits ? below : Math.max(MARGIN_PX, Math.min(at.top, innerHeight) - (beside ? 0 : height) - MARGIN_PX / 2);
  panel.style.setProperty("--left", `${Math.max(MARGIN_PX, left)}px`);
  panel.style.setProperty("--top", `${Math.max(MARGIN_PX, Math.min(top, innerHeight - height - MARGIN_PX))}px`);
}

/** Let the arrow keys, Home and End go through the buttons of a list. */
export function arrowKeys(list, selector = "button") {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.altKey || event.target.matches("input, select, textarea")) return;
    const all = [...list.querySelectorAll(selector)].filter((each) => !each.disabled && each.offsetParent);
    const at = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
    event.preventDefault();
  });
}
