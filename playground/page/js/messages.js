// The conversation: a log that follows the open channel, scrolls like Discord's, and is walked through by keys.

import { beginning } from "./beginning.js";
import { h, plural } from "./dom.js";
import { icon } from "./icons.js";
import { actByKey, attachActions } from "./message_actions.js";
import { editInPlace } from "./message_edit.js";
import { MessageList } from "./message_list.js";
import { Follower } from "./scrolling.js";
import { dayNumber } from "./times.js";
import { townNow } from "./town.js";

const LOAD_OLDER_FROM_PX = 400; // below the top
const PAGES_TO_JUMP = 10; // that are loaded to find the message of a reply
const FLASH_MS = 1600;

/** Put the log into `element`. Adds `app.log`, `app.jumpTo(id)`, `app.dismiss(id)` and `app.showTrace(id)`. */
export function mount(app, element) {
  const content = h("div", { class: "log-content" });
  const scroller = h(
    "div",
    {
      class: "log",
      role: "log",
      tabindex: "0",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": "Messages",
    },
    content,
  );
  const jump = h("button", { class: "jump", hidden: true, onclick: () => present() });
  element.append(scroller, jump);

  const list = new MessageList(app, content, (more) => beginning(app, more));
  const follower = new Follower(scroller, content, () => moved());
  const dismissed = new Set();
  let person = null; // whose view is shown
  let loading = null;
  let missed = 0; // new messages below what one sees

  const { store } = app;
  store.on("conversation", (conversation) => {
    const you = store.get("you")?.id;
    const same = list.channel === conversation.channel && person === you;
    person = you;
    conversation = { ...conversation, messages: conversation.messages.filter(({ id }) => !dismissed.has(id)) };
    if (same) follower.keep(() => list.sync(conversation));
    else open(conversation);
  });
  store.on("message", (message) => {
    if ((message.channel !== list.channel && !list.get(message.id)) || dismissed.has(message.id)) return;
    if (follower.keep(() => list.put(message))) arrived(message);
  });
  store.on("gone", ({ channel, messages }) => {
    if (messages.includes(store.get("editing"))) store.set("editing", null);
    if (channel === list.channel) follower.keep(() => list.drop(messages));
  });
  store.on("channel", (channel) => {
    if (channel && channel.id !== list.channel) return; // its conversation comes after it
    sayWhere();
    if (channel) list.beginAgain();
  });
  store.on("places", () => store.get("channel")?.kind === "forum" && list.beginAgain());
  store.on("editing", (id) => editInPlace(app, id ? list.get(id) : null, follower));
  watchDays(app, list);

  /** The log is named after the channel whose messages are in it. */
  function sayWhere() {
    const channel = store.get("channel");
    const name = channel ? (channel.kind === "dm" ? channel.name : `#${channel.name}`) : "nowhere";
    scroller.setAttribute("aria-label", `Messages in ${name}`);
  }

  function open(conversation) {
    const last = remembered(person, conversation.channel);
    if (store.get("editing")) store.set("editing", null);
    scroller.setAttribute("aria-live", "off"); // a whole channel isn't news
    list.show(conversation);
    sayWhere();
    const first =
      last &&
      conversation.messages.find(({ id, author }) => id.length >= last.length && id > last && author.id !== person);
    if (first) list.markNew(first.id);
    missed = 0;
    follower.toEnd();
    seen();
    setTimeout(() => scroller.setAttribute("aria-live", "polite"), 100);
  }

  function arrived(message) {
    const own = message.author.id === store.get("you")?.id;
    if (own) {
      list.markNew(null);
      if (!follower.atEnd) follower.toEnd();
    } else if (!follower.atEnd || document.hidden) {
      if (list.newFrom === null) follower.keep(() => list.markNew(message.id));
      if (!follower.atEnd) missed++;
    }
    if (follower.atEnd) follower.keep(() => list.trim());
    moved();
  }

  function moved() {
    if (follower.atEnd) {
      missed = 0;
      seen();
    }
    jump.hidden = follower.atEnd;
    if (!jump.hidden)
      jump.replaceChildren(
        icon("down", 18),
        missed > 0 ? `${plural(missed, "new message")} · Jump to present` : "Jump to present",
      );
    if (scroller.scrollTop < LOAD_OLDER_FROM_PX && list.more) loadOlder();
  }

  function seen() {
    const last = list.entries.at(-1)?.message.id;
    if (last && !document.hidden) remember(person, list.channel, last);
  }

  function present(focus = true) {
    follower.toEnd();
    if (focus) scroller.focus({ preventScroll: true });
  }

  /** Resolves to whether there was something. */
  function loadOlder() {
    const before = list.entries[0]?.message.id;
    const { channel } = list;
    if (!before || !list.more) return Promise.resolve(false);
    loading ??= app
      .ask("older", { channel, before })
      .then((page) => {
        if (list.channel !== channel || list.entries[0]?.message.id !== before) return false;
        follower.keep(() => list.prepend({ ...page, messages: page.messages.filter(({ id }) => !dismissed.has(id)) }));
        return page.messages.length > 0;
      })
      .catch(() => false)
      .finally(() => (loading = null));
    return loading;
  }

  app.log = {
    element: scroller,
    /** This person's newest message that they may change. */
    lastOwn: () =>
      list.entries.findLast(({ message }) => message.may.edit && message.author.id === store.get("you")?.id)?.message,
    get: (id) => list.get(id)?.message,
    /** Go to the newest message, and take everything as seen. */
    present() {
      list.markNew(null);
      present(false);
    },
  };
  app.jumpTo = async (id) => {
    for (let page = 0; page < PAGES_TO_JUMP && !list.get(id); page++) if (!(await loadOlder())) break;
    const article = list.get(id)?.article;
    if (!article) {
      store.set("toast", {
        kind: "info",
        title: "That message isn't here any more, or is too far up.",
        text: "",
        detail: "",
      });
      return;
    }
    follower.show(article);
    article.focus({ preventScroll: true });
    article.classList.add("flash");
    setTimeout(() => article.classList.remove("flash"), FLASH_MS);
  };
  app.dismiss = (id) => {
    dismissed.add(id);
    follower.keep(() => list.drop([id]));
  };
  app.showTrace = (message) => store.set("panel", { ...store.get("panel"), tab: "trace", message, open: true });

  attachActions(app, scroller, list);
  scroller.addEventListener("keydown", (event) => walk(event, list, scroller) || actByKey(app, event, list));
  scroller.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.shiftKey || event.target.closest("textarea")) return;
    app.log.present();
    document.querySelector("#composer textarea")?.focus();
  });
}

/** Up, Down, Home and End go from message to message. Returns whether the key was one of them. */
function walk(event, list, scroller) {
  const article = event.target.closest("article");
  if ((event.target !== scroller && event.target !== article) || event.altKey || event.ctrlKey || event.metaKey)
    return false;
  const { entries } = list;
  const at = entries.findIndex((entry) => entry.article === article);
  const to = {
    ArrowUp: at < 0 ? entries.length - 1 : at - 1,
    ArrowDown: at < 0 ? entries.length - 1 : at + 1,
    Home: 0,
    End: entries.length - 1,
  }[event.key];
  if (to === undefined) return false;
  event.preventDefault();
  const next = entries[Math.max(0, Math.min(entries.length - 1, to))]?.article;
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function watchDays(app, list) {
  let day = null;
  const look = () => {
    const now = townNow(app.store);
    if (dayNumber(now) !== day) list.refreshDays(now);
    day = dayNumber(now);
  };
  app.store.on("clock", look);
  setInterval(look, 30_000);
}

// Where each person stopped reading in this tab, for the line of new messages.
const placeKey = (person, channel) => `read:${person}:${channel}`;
const remembered = (person, channel) => sessionStorage.getItem(placeKey(person, channel));

function remember(person, channel, id) {
  if (person && channel && id) sessionStorage.setItem(placeKey(person, channel), id);
}
