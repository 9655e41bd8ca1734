// Where one writes: text, files, an answer to a message. What was typed stays until the server has it.

import { attachElsewhere } from "./composer_elsewhere.js";
import { build, showPlace, showReply, showRoom } from "./composer_parts.js";
import { keepSent, Sent } from "./sent.js";
import { fit, lengthOf, LONGEST_MESSAGE, tooLong } from "./writing.js";

const TYPING_EVERY_MS = 8000;

/** Put the composer into `element`. */
export function mount(app, element) {
  new Composer(app, element);
}

class Composer {
  #app;
  #parts; // see composer_parts.js
  #channel = null; // shapes.OpenChannel
  #reply = null; // the message that is answered
  #waiting = null; // {text, channel, person}: a message on its way
  #drafts = new Map(); // channel id → {text, files, reply}
  #sent = new Sent();
  #typedAt = -Infinity;

  constructor(app, element) {
    this.#app = app;
    this.#parts = build(app, { changed: () => this.#update(), inserted: (text) => this.#insert(text) });
    element.append(this.#parts.form);
    this.#listen();
    attachElsewhere(this.#parts, () => this.#channel);
    const { store } = app;
    store.on("channel", (channel) => this.#show(channel));
    store.on("reply", (message) => this.#answer(message));
    store.on("draft", () => this.#fillDraft());
    store.on("message", ({ author, channel, text }) => {
      const waiting = this.#waiting;
      if (waiting && author.id === waiting.person && channel === waiting.channel && text === waiting.text)
        this.#accepted();
    });
    store.on("you", () => this.#sent.reset());
    store.on("online", (online) => online && this.#say("")); // it may have said that the town is away
  }

  get #me() {
    return this.#app.store.get("you")?.id;
  }

  #listen() {
    const { field, form, completion, uploads } = this.#parts;
    field.addEventListener("input", () => {
      this.#sent.reset();
      this.#say("");
      this.#update();
      this.#tellTyping();
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (completion.key(event) || this.#key(event)) event.preventDefault();
    });
    field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length === 0 || !this.#channel?.may.attach) return;
      event.preventDefault();
      uploads.add(event.clipboardData.files);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Returns whether the key did something else than what it does in any text. */
  #key(event) {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    const { store, log } = this.#app;
    const empty = this.#parts.field.value === "";
    if (key === "Enter" && !shiftKey && !altKey) this.#send();
    else if (key === "ArrowUp" && ctrlKey) this.#recall(1);
    else if (key === "ArrowDown" && ctrlKey) this.#recall(-1);
    else if (key === "ArrowUp" && empty && !shiftKey && !altKey && !metaKey && log?.lastOwn())
      store.set("editing", log.lastOwn().id);
    else if (key === "Escape" && !shiftKey && this.#reply) store.set("reply", null);
    else if (key === "Escape" && !shiftKey) log?.present();
    else return false;
    return true;
  }

  #recall(by) {
    const text = this.#sent.step(this.#me, by, this.#parts.field.value);
    if (text !== null) this.#setText(text);
  }

  // --- sending

  async #send() {
    const { field, form, uploads, completion } = this.#parts;
    const text = field.value.trim();
    const channel = this.#channel;
    if (this.#waiting || !channel?.may.send || (text === "" && uploads.names().length === 0)) return;
    if (lengthOf(text) > LONGEST_MESSAGE) {
      this.#say(tooLong(text));
      return;
    }
    completion.close();
    this.#say("");
    const waiting = { text, channel: channel.id, person: this.#me };
    this.#waiting = waiting;
    form.classList.add("sending");
    try {
      const files = await uploads.send();
      const reply = this.#reply?.id;
      await this.#app.ask("send", { channel: channel.id, text, reply, files: files.length > 0 ? files : undefined });
      if (this.#waiting === waiting) this.#accepted();
    } catch (error) {
      if (this.#waiting === waiting && this.#channel?.id === channel.id) this.#say(error.message);
    } finally {
      if (this.#waiting === waiting) this.#waiting = null;
      form.classList.toggle("sending", this.#waiting !== null);
    }
  }

  /** The server has the message: what was typed since stays. */
  #accepted() {
    const { text, channel, person } = this.#waiting;
    const { field, form, uploads } = this.#parts;
    this.#waiting = null;
    form.classList.remove("sending");
    keepSent(person, text);
    this.#sent.reset();
    if (channel !== this.#channel?.id) {
      this.#drafts.delete(channel);
      return;
    }
    const typed = field.value.trimStart();
    this.#setText(typed.startsWith(text) ? typed.slice(text.length).trimStart() : typed);
    uploads.clear();
    this.#typedAt = -Infinity;
    if (this.#reply) this.#app.store.set("reply", null);
    this.#update();
  }

  #tellTyping() {
    const now = performance.now();
    if (this.#parts.field.value === "" || now - this.#typedAt < TYPING_EVERY_MS || !this.#channel) return;
    this.#typedAt = now;
    this.#app.ask("typing", { channel: this.#channel.id }).catch(() => {});
  }

  // --- what it shows

  #show(channel) {
    const before = this.#channel;
    this.#channel = channel;
    if (before?.id !== channel?.id) this.#changePlace(before, channel);
    showPlace(this.#parts, channel);
    this.#fillDraft();
    this.#update();
  }

  #changePlace(before, channel) {
    const { field, uploads, completion } = this.#parts;
    if (before) this.#drafts.set(before.id, { text: field.value, files: uploads.take(), reply: this.#reply });
    const draft = this.#drafts.get(channel?.id) ?? { text: "", files: [], reply: null };
    uploads.put(draft.files);
    this.#setText(draft.text);
    this.#say("");
    completion.close();
    this.#app.store.set("reply", draft.reply);
  }

  #fillDraft() {
    const draft = this.#app.store.get("draft");
    if (!draft || !this.#channel || (draft.channel && draft.channel !== this.#channel.id)) return;
    this.#app.store.set("draft", null);
    this.#setText(draft.text);
    this.#parts.field.focus();
  }

  #answer(message) {
    this.#reply = message ?? null;
    showReply(this.#parts, message, () => this.#app.store.set("reply", null));
    if (message) this.#parts.field.focus();
  }

  #say(sentence) {
    this.#parts.trouble.textContent = sentence;
  }

  #setText(text) {
    this.#parts.field.value = text;
    this.#parts.field.setSelectionRange(text.length, text.length);
    this.#update();
  }

  #insert(text) {
    const { field } = this.#parts;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #update() {
    fit(this.#parts.field);
    showRoom(this.#parts, this.#channel);
  }
}
