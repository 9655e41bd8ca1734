// The list above the composer: commands after the prefix, people, roles, channels and emoji.

import { nameStyle } from "./colours.js";
import { h, initials, picture, replace } from "./dom.js";
import { icon } from "./icons.js";

const WAIT_MS = 60; // while one types on
const KIND_ICONS = { command: "bolt", role: "shield", channel: "hash" };
const WORTH_ASKING = /[@#:][^\s]*$|[@#][^\n]{0,40}$/;

export class Completion {
  /** Stands above the text field. */
  element;
  #app;
  #field;
  #list;
  #hint;
  #items = [];
  #start = 0;
  #active = -1;
  #asked = 0;
  #timer = null;

  constructor(app, field) {
    this.#app = app;
    this.#field = field;
    this.#list = h("div", {
      class: "completion-list",
      role: "listbox",
      id: "completion-list",
      "aria-label": "Suggestions",
    });
    this.#hint = h("p", { class: "completion-hint", role: "status" });
    this.element = h("div", { class: "completion", hidden: true }, this.#list, this.#hint);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "completion-list");
    field.addEventListener("input", () => this.#soon());
    field.addEventListener("click", () => this.#soon());
    field.addEventListener(
      "keyup",
      ({ key }) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(key) && this.#soon(),
    );
    field.addEventListener("blur", () => this.close());
    // A press on the list must not take the focus out of the field.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#show({ start: 0, items: [], hint: "" });
  }

  /** Handle a key; returns whether it was for the list. */
  key(event) {
    if (this.element.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const { key, shiftKey } = event;
    if (key === "Escape") this.close();
    else if (this.#items.length === 0) return false;
    else if (key === "ArrowDown" || key === "ArrowUp") this.#move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Tab" && !shiftKey) this.#take(Math.max(0, this.#active));
    else if (key === "Enter" && !shiftKey && this.#active >= 0 && !this.#isThere(this.#active))
      this.#take(this.#active);
    else return false;
    return true;
  }

  #soon() {
    clearTimeout(this.#timer);
    const before = this.#field.value.slice(0, this.#field.selectionStart);
    const prefix = this.#app.store.get("hello")?.prefix ?? "!";
    if (!before.startsWith(prefix) && !WORTH_ASKING.test(before)) {
      this.close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
  }

  async #ask() {
    const number = ++this.#asked;
    const { value: text, selectionStart: cursor } = this.#field;
    const channel = this.#app.store.get("channel")?.id;
    if (!channel) return;
    const answer = await this.#app.ask("complete", { channel, text, cursor }).catch(() => null);
    // By now the text may be another, or sent.
    if (number === this.#asked && this.#field.value === text && answer) this.#show(answer);
  }

  #show({ start, items, hint }) {
    this.#items = items;
    this.#start = start;
    // Enter sends a command; in a sentence it takes the first name.
    this.#active = items.length > 0 && items[0].kind !== "command" ? 0 : -1;
    this.element.hidden = items.length === 0 && !hint;
    this.#list.hidden = items.length === 0;
    replace(
      this.#list,
      items.map((item, index) => this.#row(item, index)),
    );
    this.#hint.hidden = !hint;
    if (this.#hint.textContent !== hint) this.#hint.textContent = hint;
    this.#mark();
  }

  #row(item, index) {
    const { label, detail, colour } = item;
    return h(
      "div",
      {
        class: "completion-row",
        role: "option",
        id: `completion-${index}`,
        onclick: () => this.#take(index),
        onpointermove: () => this.#active !== index && this.#mark(index),
      },
      sign(item),
      h("span", { class: "completion-label", style: nameStyle(colour) }, label),
      h("span", { class: "completion-detail" }, detail),
    );
  }

  #move(by) {
    const { length } = this.#items;
    const from = this.#active < 0 && by < 0 ? 0 : this.#active;
    this.#mark((from + by + length) % length, true);
  }

  #mark(index = this.#active, scroll = false) {
    this.#active = index;
    for (const [at, row] of [...this.#list.children].entries()) {
      row.setAttribute("aria-selected", String(at === index));
      if (at === index && scroll) row.scrollIntoView({ block: "nearest" });
    }
    if (index >= 0 && this.#items.length > 0) this.#field.setAttribute("aria-activedescendant", `completion-${index}`);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  /** Whether a line already stands in the text as it would be inserted: Enter then sends. */
  #isThere(index) {
    return this.#field.value.slice(this.#start, this.#field.selectionStart).trim() === this.#items[index].insert.trim();
  }

  #take(index) {
    const { insert } = this.#items[index];
    const field = this.#field;
    field.setRangeText(insert, this.#start, field.selectionStart, "end");
    this.close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** What stands before a line: a picture, or an icon of its kind. Characters stand in their label already. */
function sign({ label, kind, avatar }) {
  if (kind === "emoji" && avatar) return h("img", { class: "emoji", src: avatar, alt: "", style: "--size:24px" });
  if (kind === "emoji") return null;
  if (avatar) return picture(avatar, 24);
  if (kind === "person") return picture(null, 24, initials(label));
  return h("span", { class: "completion-icon" }, icon(KIND_ICONS[kind], 18));
}
