// What the composer is made of, and how it shows where one writes and how much.

import { Completion } from "./completion.js";
import { h, initials, picture, replace } from "./dom.js";
import { pickEmoji } from "./emoji_picker.js";
import { icon } from "./icons.js";
import { duration } from "./town.js";
import { typingLine } from "./typing.js";
import { Uploads } from "./uploads.js";
import { lengthOf, LONGEST_MESSAGE, tooLong } from "./writing.js";

const COUNTED_FROM = 1800; // characters
const MOST_FILES = 10; // as in Discord

/** Make the parts by name. `changed()` hears of other files, `inserted(text)` of a chosen emoji. */
export function build(app, { changed, inserted }) {
  const button = (name, label, attributes) =>
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": label, title: label, ...attributes },
      icon(name, 22),
    );
  const field = h("textarea", { rows: 1, autocomplete: "off", enterkeyhint: "send", spellcheck: "true" });
  const uploads = new Uploads(app, { most: MOST_FILES, changed });
  const completion = new Completion(app, field);
  const replyBar = h("div", { class: "reply-bar", hidden: true });
  const attach = button("plus", "Attach files", { onclick: () => uploads.choose() });
  const emoji = button("smile", "Insert an emoji", {
    "aria-expanded": false,
    onclick: () => pickEmoji(app, emoji, ({ insert }) => inserted(insert)),
  });
  const send = button("send", "Send", { type: "submit", class: "icon-button send" });
  const counter = h("span", { class: "counter" });
  const trouble = h("p", { class: "error composer-error", role: "alert" });
  const slowmode = h("span", { class: "slowmode-note" });
  const form = h(
    "form",
    { class: "composer" },
    completion.element,
    replyBar,
    h(
      "div",
      { class: "composer-box" },
      uploads.element,
      h("div", { class: "composer-line" }, attach, field, counter, emoji, send),
    ),
    trouble,
    h("div", { class: "composer-foot" }, typingLine(app), slowmode),
  );
  return { form, field, uploads, completion, replyBar, attach, emoji, send, counter, trouble, slowmode };
}

/** Say where one writes, or why one can't. */
export function showPlace({ form, field, attach, emoji, slowmode }, channel) {
  const may = channel?.may ?? { send: false, attach: false, why_not_send: "There is no channel here for you." };
  const place = nameOf(channel);
  field.disabled = !may.send;
  field.placeholder = may.send ? `Message ${place}` : (may.why_not_send ?? "You can't write here.");
  field.setAttribute("aria-label", `Message ${place}`);
  form.classList.toggle("disabled", !may.send);
  attach.disabled = !may.send || !may.attach;
  attach.title = may.attach ? "Attach files" : "You can't attach files here.";
  emoji.disabled = !may.send;
  const slow = channel?.slowmode > 0 && `Slowmode: one message in ${duration(channel.slowmode)}`;
  replace(slowmode, slow && [icon("hourglass", 14), slow]);
}

function nameOf(channel) {
  if (!channel) return "nobody";
  if (channel.kind === "dm") return `@${channel.name}`;
  return channel.kind === "thread" ? channel.name : `#${channel.name}`;
}

/** Show which message is answered; null takes it away. */
export function showReply({ replyBar }, message, cancel) {
  replyBar.hidden = !message;
  if (!message) {
    replace(replyBar);
    return;
  }
  const { author } = message;
  const whom = [picture(author.avatar, 18, initials(author.display)), h("strong", {}, author.display)];
  replace(
    replyBar,
    h("span", { class: "reply-to" }, "Replying to ", whom),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Don't reply",
        title: "Don't reply (Esc)",
        onclick: cancel,
      },
      icon("close", 18),
    ),
  );
}

/** Say how many characters are left, and whether there is something to send. */
export function showRoom({ field, uploads, counter, send }, channel) {
  const left = LONGEST_MESSAGE - lengthOf(field.value);
  counter.textContent = left <= LONGEST_MESSAGE - COUNTED_FROM ? left.toLocaleString("en") : "";
  counter.classList.toggle("over", left < 0);
  counter.title = left < 0 ? tooLong(field.value) : `${left} characters left`;
  const something = field.value.trim() !== "" || uploads.names().length > 0;
  send.hidden = !something || !channel?.may.send;
}
