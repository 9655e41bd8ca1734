// Where one writes: text, files, an answer to a message. What was typed stays until the server has it.

import { Completion } from "./completion.js";
import { h, initials, picture, replace } from "./dom.js";
import { pickEmoji } from "./emoji_picker.js";
import { icon } from "./icons.js";
import { keepSent, Sent } from "./sent.js";
import { duration } from "./town.js";
import { typingLine } from "./typing.js";
import { Uploads } from "./uploads.js";
import { fit, lengthOf, LONGEST_MESSAGE, tooLong } from "./writing.js";

const COUNTED_FROM = 1800; // characters
const TYPING_EVERY_MS = 8000;
const MOST_FILES = 10;

/** Put the composer into `element`. */
export function mount(app, element) {
  new Composer(app, element);
}

class Composer {
  #app;
  #channel = null; // shapes.OpenChannel
  #reply = null; // the message that is answered
  #waiting = null; // {text, channel, person}: a message on its way
  #drafts = new Map(); // channel id → {text, files, reply}
  #sent = new Sent();
  #typedAt = -Infinity;

  constructor(app, element) {
    this.#app = app;
    this.#build(element);
    this.#listen();
    const { store } = app;
    store.on("channel", (channel) => this.#show(channel));
    store.on("reply", (message) => this.#answer(message));
    store.on("draft", () => this.#fillDraft());
    store.on("message", ({ author, channel, text }) => {
      const { person, text: sent, channel: where } = this.#waiting ?? {};
      if (author.id === person && channel === where && text === sent) this.#accepted();
    });
    store.on("you", () => this.#sent.reset());
  }

  #build(element) {
    this.field = h("textarea", { rows: 1, autocomplete: "off", enterkeyhint: "send", spellcheck: "true" });
    this.uploads = new Uploads(this.#app, { most: MOST_FILES, changed: () => this.#update() });
    this.completion = new Completion(this.#app, this.field);
    this.replyBar = h("div", { class: "reply-bar", hidden: true });
    this.attach = h("button", { type: "button", class: "icon-button", "aria-label": "Attach files", title: "Attach files",
      onclick: () => this.uploads.choose() }, icon("plus", 22));
    this.emoji = h("button", { type: "button", class: "icon-button", "aria-label": "Insert an emoji", title: "Emoji", "aria-expanded": false,
      onclick: () => pickEmoji(this.#app, this.emoji, ({ insert }) => this.#insert(insert)) }, icon("smile", 22));
    this.sendButton = h("button", { type: "submit", class: "icon-button send", "aria-label": "Send", title: "Send" }, icon("send", 22));
    this.counter = h("span", { class: "counter" });
    this.trouble = h("p", { class: "error composer-error", role: "alert" });
    this.slowmode = h("span", { class: "slowmode-note" });
    this.form = h("form", { class: "composer" },
      this.completion.element, this.replyBar,
      h("div", { class: "composer-box" }, this.uploads.element,
        h("div", { class: "composer-line" }, this.attach, this.field, this.counter, this.emoji, this.sendButton)),
      this.trouble,
      h("div", { class: "composer-foot" }, typingLine(this.#app), this.slowmode));
    element.append(this.form);
  }

  #listen() {
    const { field, form } = this;
    field.addEventListener("input", () => {
      this.#sent.reset();
      this.trouble.textContent = "";
      this.#update();
      this.#tellTyping();
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (this.completion.key(event) || this.#key(event)) event.preventDefault();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length > 0 && this.#channel?.may.attach) {
        event.preventDefault();
        this.uploads.add(event.clipboardData.files);
      }
    });
    this.#takeDrops(form.closest("main") ?? form);
    document.addEventListener("keydown", (event) => this.#typeAnywhere(event));
  }

  /** Returns whether the key did something else than what it does in any text. */
  #key(event) {
    const { key } = event;
    const { store } = this.#app;
    if (key === "Enter" && !event.shiftKey && !event.altKey) this.#send();
    else if ((key === "ArrowUp" || key === "ArrowDown") && event.ctrlKey) this.#recall(key === "ArrowUp" ? 1 : -1);
    else if (key === "ArrowUp" && this.field.value === "" && !event.shiftKey && !event.altKey && !event.metaKey) {
      const own = this.#app.log?.lastOwn();
      if (!own) return false;
      store.set("editing", own.id);
    } else if (key === "Escape" && !event.shiftKey) {
      if (this.#reply) store.set("reply", null);
      else this.#app.log?.present(false);
    } else return false;
    return true;
  }

  #recall(by) {
    const text = this.#sent.step(this.#app.store.get("you")?.id, by, this.field.value);
    if (text !== null) this.#setText(text);
  }

  // --- sending

  async #send() {
    const text = this.field.value.trim();
    const channel = this.#channel;
    const person = this.#app.store.get("you")?.id;
    if (this.#waiting || !channel?.may.send || (text === "" && this.uploads.names().length === 0)) return;
    if (lengthOf(text) > LONGEST_MESSAGE) {
      this.trouble.textContent = tooLong(text);
      return;
    }
    this.completion.close();
    this.trouble.textContent = "";
    const waiting = { text, channel: channel.id, person };
    this.#waiting = waiting;
    this.form.classList.add("sending");
    try {
      const files = await this.uploads.send();
      await this.#app.ask("send", { channel: channel.id, text, reply: this.#reply?.id, files: files.length > 0 ? files : undefined });
      if (this.#waiting === waiting) this.#accepted();
    } catch (error) {
      if (this.#waiting === waiting && this.#channel?.id === channel.id) this.trouble.textContent = error.message;
    } finally {
      if (this.#waiting === waiting) this.#waiting = null;
      this.form.classList.toggle("sending", this.#waiting !== null);
    }
  }

  /** The server has the message: what was typed since stays. */
  #accepted() {
    const { text, channel, person } = this.#waiting;
    this.#waiting = null;
    this.form.classList.remove("sending");
    keepSent(person, text);
    this.#sent.reset();
    if (channel !== this.#channel?.id) {
      this.#drafts.delete(channel);
      return;
    }
    const typed = this.field.value.trimStart();
    this.#setText(typed.startsWith(text) ? typed.slice(text.length).trimStart() : typed);
    this.uploads.clear();
    this.#typedAt = -Infinity;
    if (this.#reply) this.#app.store.set("reply", null);
  }

  #tellTyping() {
    const now = performance.now();
    if (this.field.value === "" || now - this.#typedAt < TYPING_EVERY_MS || !this.#channel) return;
    this.#typedAt = now;
    this.#app.ask("typing", { channel: this.#channel.id }).catch(() => {});
  }

  // --- what it shows

  #show(channel) {
    const before = this.#channel;
    this.#channel = channel;
    if (before?.id !== channel?.id) {
      if (before) this.#drafts.set(before.id, { text: this.field.value, files: this.uploads.take(), reply: this.#reply });
      const draft = this.#drafts.get(channel?.id) ?? { text: "", files: [], reply: null };
      this.uploads.put(draft.files);
      this.#setText(draft.text);
      this.trouble.textContent = "";
      this.completion.close();
      this.#app.store.set("reply", draft.reply);
    }
    const may = channel?.may ?? { send: false, attach: false, why_not_send: "There is no channel here for you." };
    const place = channel?.kind === "dm" ? `@${channel.name}` : channel?.kind === "thread" ? channel.name : `#${channel?.name ?? ""}`;
    this.field.disabled = !may.send;
    this.field.placeholder = may.send ? `Message ${place}` : may.why_not_send ?? "You can't write here.";
    this.field.setAttribute("aria-label", `Message ${place}`);
    this.form.classList.toggle("disabled", !may.send);
    this.attach.disabled = !may.send || !may.attach;
    this.attach.title = may.attach ? "Attach files" : "You can't attach files here.";
    this.emoji.disabled = !may.send;
    replace(this.slowmode, channel?.slowmode > 0 && [icon("hourglass", 14), `Slowmode: one message in ${duration(channel.slowmode)}`]);
    this.#fillDraft();
    this.#update();
  }

  #fillDraft() {
    const draft = this.#app.store.get("draft");
    if (!draft || !this.#channel || (draft.channel && draft.channel !== this.#channel.id)) return;
    this.#app.store.set("draft", null);
    this.#setText(draft.text);
    this.field.focus();
  }

  #answer(message) {
    this.#reply = message ?? null;
    this.replyBar.hidden = !message;
    if (!message) return replace(this.replyBar);
    const { author } = message;
    replace(this.replyBar, h("span", { class: "reply-to" }, "Replying to ", picture(author.avatar, 18, initials(author.display)), h("strong", {}, author.display)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Don't reply", title: "Don't reply (Esc)",
        onclick: () => this.#app.store.set("reply", null) }, icon("close", 18)));
    this.field.focus();
    return undefined;
  }

  #setText(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.#update();
  }

  #insert(text) {
    this.field.focus();
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #update() {
    fit(this.field);
    const left = LONGEST_MESSAGE - lengthOf(this.field.value);
    this.counter.textContent = left <= LONGEST_MESSAGE - COUNTED_FROM ? left.toLocaleString("en") : "";
    this.counter.classList.toggle("over", left < 0);
    this.counter.title = left < 0 ? tooLong(this.field.value) : `${left} characters left`;
    const something = this.field.value.trim() !== "" || this.uploads.names().length > 0;
    this.sendButton.hidden = !something || !this.#channel?.may.send;
  }

  // --- from elsewhere in the page

  #takeDrops(area) {
    const carries = (event) => event.dataTransfer?.types.includes("Files") && this.#channel?.may.attach && this.#channel.may.send;
    area.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      area.classList.add("dropping");
    });
    area.addEventListener("dragleave", (event) => !area.contains(event.relatedTarget) && area.classList.remove("dropping"));
    area.addEventListener("drop", (event) => {
      area.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      this.uploads.add(event.dataTransfer.files);
      this.field.focus();
    });
  }

  /** Typing while nothing else takes it goes into the composer, as in Discord. */
  #typeAnywhere(event) {
    const { key, target } = event;
    if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (this.field.disabled || document.querySelector("dialog[open], :popover-open")) return;
    if (target === document.body || (target.matches(".log, .log article, #conversation") && !target.matches("article:focus-visible"))) this.field.focus();
  }
}
