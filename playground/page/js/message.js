// One message: an `article` made of parts. When the message changes, only the parts that differ are made anew.

import { attachments } from "./attachments.js";
import { nameStyle } from "./colours.js";
import { components } from "./components.js";
import { h, initials, picture, plural } from "./dom.js";
import { embed } from "./embed.js";
import { icon } from "./icons.js";
import { enliven } from "./markup.js";
import { reactions } from "./reactions.js";
import { closeOrphans } from "./select.js";
import { dayBefore, fullTime, shortTime } from "./times.js";
import { townNow } from "./town.js";

// In their order from top to bottom: name, what it is made from, and how.
const PARTS = [
  ["reply", ({ reply, notice }) => !notice && reply, replyLine],
  ["header", ({ author, at, notice, html, edited }) => [author, at, notice, !html && edited], header],
  [
    "content",
    ({ html, only_emoji, edited, thinking, notice, author }) => [
      html,
      only_emoji,
      edited,
      thinking,
      notice,
      author.display,
    ],
    content,
  ],
  [
    "attachments",
    (message) => message.attachments,
    (_app, message) => message.attachments.length > 0 && attachments(message.attachments),
  ],
  ["embeds", (message) => message.embeds, embeds],
  ["components", (message) => message.components, components],
  ["reactions", (message) => message.reactions, reactions],
  ["thread", (message) => message.thread, threadMark],
  ["footer", (message) => message.ephemeral, ephemeralFooter],
  ["marks", ({ pinned, traced }) => [pinned, traced], marks],
];

const NOTICE_ICONS = [
  [/pinned/, "pin"],
  [/thread/, "thread"],
  [/joined|welcome|landed|arrived|hopped/i, "door"],
  [/name/, "pen"],
  [/boost/, "bolt"],
];

/** Make the element of a message: an entry {message, article, parts} for `updateMessage`. */
export function buildMessage(app, message) {
  const { id } = message;
  const article = h("article", {
    id: `message-${id}`,
    tabindex: "-1",
    dataset: { message: id },
    "aria-labelledby": ["author", "time", "content", "embeds", "attachments"].map((part) => `${part}-${id}`).join(" "),
  });
  const entry = { message, article, parts: new Map() };
  updateMessage(app, entry, message);
  return entry;
}

/** Show what a message is now. */
export function updateMessage(app, entry, message) {
  entry.message = message;
  showKind(entry.article, message);
  let next = null; // the part below
  for (const [name, source, build] of [...PARTS].reverse()) {
    const made = JSON.stringify(source(message)) ?? "";
    const before = entry.parts.get(name);
    if (before?.made === made) {
      next = before.element || next;
      continue;
    }
    const element = build(app, message) || null;
    const focused = before?.element && keyOfFocus(before.element);
    before?.element?.remove();
    entry.parts.set(name, { made, element });
    if (!element) continue;
    entry.article.insertBefore(element, next ?? entry.article.querySelector(":scope > .failure"));
    enliven(element);
    if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    next = element;
  }
  closeOrphans();
}

/** Say the day of a message anew: another day may have begun in town. */
export function refreshDay(entry, now) {
  const day = entry.parts.get("header").element.querySelector(".day");
  day.textContent = dayBefore(entry.message.at, now);
}

const keyOfFocus = (element) => (element.contains(document.activeElement) ? document.activeElement.dataset.key : null);

function showKind(article, { notice, ephemeral, mentions_you: mentioned }) {
  const kinds = { message: true, notice, ephemeral, mentioned };
  for (const [kind, is] of Object.entries(kinds)) article.classList.toggle(kind, Boolean(is));
}

function replyLine(app, { reply }) {
  if (!reply) return null;
  const { author, text } = reply;
  return h(
    "button",
    {
      class: "reply",
      onclick: () => app.jumpTo(reply.id),
      disabled: author === null,
      "aria-label": author ? `Answer to ${author.display}: ${text}. Go there` : text,
    },
    author && picture(author.avatar, 16, initials(author.display)),
    author && nameOf(author),
    h("span", { class: "reply-text" }, text),
  );
}

/** An author's name in the colour of their role, with the mark of a bot. */
export function nameOf(author, attributes = {}) {
  return [
    h("span", { class: "author", style: nameStyle(author.colour), ...attributes }, author.display),
    author.bot && h("span", { class: "tag" }, "BOT"),
  ];
}

const editedMark = (edited) =>
  h("time", { class: "edited", datetime: new Date(edited).toISOString(), title: fullTime(edited) }, "(edited)");

function header(app, { id, author, at, notice, html, edited }) {
  const time = h(
    "time",
    { id: `time-${id}`, datetime: new Date(at).toISOString(), title: fullTime(at) },
    h("span", { class: "day" }, dayBefore(at, townNow(app.store))),
    shortTime(at),
  );
  if (notice) return h("header", {}, h("span", { class: "notice-icon" }, icon(noticeIcon(notice), 18)), time);
  return h(
    "header",
    {},
    picture(author.avatar, 40, initials(author.display)),
    nameOf(author, { id: `author-${id}` }),
    time,
    edited && !html && editedMark(edited),
  );
}

const noticeIcon = (notice) => NOTICE_ICONS.find(([words]) => words.test(notice))?.[1] ?? "bolt";

function content(_app, { id, html, only_emoji: onlyEmoji, edited, thinking, notice, author }) {
  if (notice) {
    return h(
      "div",
      { class: "content", id: `content-${id}` },
      h("strong", { id: `author-${id}` }, author.display),
      " ",
      notice,
    );
  }
  if (thinking) {
    return h(
      "div",
      { class: "content", id: `content-${id}` },
      h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      h("span", { class: "muted" }, `${author.display} is thinking…`),
    );
  }
  if (!html) return null;
  const text = h("div", { class: `content markup${onlyEmoji ? " only-emoji" : ""}`, id: `content-${id}`, html });
  if (edited) text.append(" ", editedMark(edited));
  return text;
}

function embeds(app, { id, embeds: all }) {
  const now = townNow(app.store);
  return (
    all.length > 0 &&
    h(
      "div",
      { class: "embeds", id: `embeds-${id}` },
      all.map((each) => embed(app, each, now)),
    )
  );
}

function threadMark(app, { thread }) {
  if (!thread) return null;
  return h(
    "button",
    { class: "thread-mark", dataset: { key: "thread" }, onclick: () => app.open(thread.id) },
    icon("thread", 18),
    h("strong", {}, thread.name),
    h("span", { class: "thread-count" }, plural(thread.messages, "message")),
  );
}

function ephemeralFooter(app, { id, ephemeral }) {
  return (
    ephemeral &&
    h(
      "div",
      { class: "ephemeral-footer" },
      icon("eye", 16),
      "Only you can see this · ",
      h("button", { class: "as-link", onclick: () => app.dismiss(id) }, "Dismiss message"),
    )
  );
}

function marks(app, { id, pinned, traced }) {
  if (!pinned && !traced) return null;
  return h(
    "div",
    { class: "marks" },
    pinned && h("span", { title: "Pinned", role: "img", "aria-label": "Pinned" }, icon("pin", 14)),
    traced &&
      h(
        "button",
        {
          class: "traced",
          tabindex: "-1",
          title: "What happened",
          "aria-label": "What happened",
          onclick: () => app.showTrace(id),
        },
        icon("search", 14),
      ),
  );
}
