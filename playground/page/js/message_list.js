// The messages of the open channel in their order, with what stands between them: days, and the line of new ones.

import { h } from "./dom.js";
import { buildMessage, refreshDay, updateMessage } from "./message.js";
import { closeOrphans } from "./select.js";
import { dayNumber, longDate } from "./times.js";

const GROUPED_WITHIN_MS = 7 * 60_000; // as in Discord's client
const MOST_KEPT = 300;
const KEPT_AFTER_TRIMMING = 150;

/** Ids are numbers with more digits than JavaScript has. */
export const compareIds = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export class MessageList {
  channel = null;
  more = false;
  newFrom = null; // the id of the first message below the line of new ones
  #app;
  #content;
  #beginning;
  #entries = [];

  /** `beginning(more)` makes what stands above the first message. */
  constructor(app, content, beginning) {
    this.#app = app;
    this.#content = content;
    this.#beginning = beginning;
  }

  /** All entries {message, article}, the oldest first. */
  get entries() {
    return this.#entries;
  }

  /** An entry by its message's id, or undefined. */
  get(id) {
    if (!id) return undefined;
    const index = this.#find(id);
    return this.#entries[index]?.message.id === id ? this.#entries[index] : undefined;
  }

  /** Show another channel, or the same one as somebody else. */
  show({ channel, messages, more }) {
    Object.assign(this, { channel, more, newFrom: null });
    this.#entries = messages.map((message) => buildMessage(this.#app, message));
    this.#content.replaceChildren(this.#beginning(more), ...this.#entries.map(({ article }) => article));
    closeOrphans();
    this.#entries.forEach((_entry, index) => this.#arrange(index));
  }

  /** Show anew what stands above the first message: the channel's name may be another. */
  beginAgain() {
    this.#content.firstElementChild?.replaceWith(this.#beginning(this.more));
  }

  /** Bring the shown messages to what they are now; older ones that were loaded stay. */
  sync({ messages, more }) {
    const now = new Set(messages.map(({ id }) => id));
    const from = messages[0]?.id;
    const gone = this.#entries.filter(
      ({ message }) => !now.has(message.id) && (!from || !more || compareIds(message.id, from) >= 0),
    );
    this.drop(gone.map(({ message }) => message.id));
    for (const message of messages) this.put(message);
    if (more === this.more) return;
    this.more = more && this.more;
    this.beginAgain();
  }

  /** Show one message: in place if it is there, else where it belongs. Returns whether it is a new one at the end. */
  put(message) {
    const index = this.#find(message.id);
    const there = this.#entries[index];
    if (there?.message.id === message.id) {
      updateMessage(this.#app, there, message);
      this.#arrange(index);
      if (this.#entries[index + 1]) this.#arrange(index + 1);
      return false;
    }
    if (index === 0 && this.more) return false; // older than what is loaded
    const entry = buildMessage(this.#app, message);
    const below = this.#entries[index];
    this.#content.insertBefore(entry.article, below ? (below.divider ?? below.article) : null);
    this.#entries.splice(index, 0, entry);
    this.#arrange(index);
    if (below) this.#arrange(index + 1);
    return index === this.#entries.length - 1;
  }

  /** Put older messages above. */
  prepend({ messages, more }) {
    const older = messages.filter(({ id }) => !this.get(id)).map((message) => buildMessage(this.#app, message));
    this.more = more;
    this.beginAgain();
    this.#content.firstElementChild.after(...older.map(({ article }) => article));
    this.#entries.unshift(...older);
    for (let index = 0; index <= older.length && index < this.#entries.length; index++) this.#arrange(index);
  }

  drop(ids) {
    for (const id of ids) {
      const index = this.#find(id);
      const entry = this.#entries[index];
      if (entry?.message.id !== id) continue;
      const focused = entry.article.contains(document.activeElement);
      entry.divider?.remove();
      entry.article.remove();
      this.#entries.splice(index, 1);
      if (id === this.newFrom) this.newFrom = this.#entries[index]?.message.id ?? null;
      if (this.#entries[index]) this.#arrange(index);
      if (focused) (this.#entries[index] ?? this.#entries.at(-1))?.article.focus({ preventScroll: true });
    }
    closeOrphans();
  }

  /** Forget the oldest when there are very many; they can be loaded again. */
  trim() {
    if (this.#entries.length <= MOST_KEPT) return;
    const extra = this.#entries.splice(0, this.#entries.length - KEPT_AFTER_TRIMMING);
    for (const { article, divider } of extra) {
      divider?.remove();
      article.remove();
    }
    this.more = true;
    this.beginAgain();
    this.#arrange(0);
  }

  /** Draw the line of new messages above one; null takes it away. */
  markNew(id) {
    const before = this.newFrom;
    this.newFrom = id;
    for (const each of [before, id]) {
      const index = each === null ? -1 : this.#find(each);
      if (this.#entries[index]) this.#arrange(index);
    }
  }

  /** Another day may have begun in town. */
  refreshDays(now) {
    for (const entry of this.#entries) refreshDay(entry, now);
  }

  #find(id) {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(this.#entries[middle].message.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Group a message with the one above it, or divide them. */
  #arrange(index) {
    const entry = this.#entries[index];
    const { message, article } = entry;
    const above = this.#entries[index - 1]?.message;
    const day = !above || dayNumber(above.at) !== dayNumber(message.at) ? longDate(message.at) : "";
    const isNew = message.id === this.newFrom;
    const wanted = day || isNew ? `${day}|${isNew}` : "";
    if ((entry.divided ?? "") !== wanted) {
      entry.divided = wanted;
      entry.divider?.remove();
      entry.divider = wanted ? divider(day, isNew) : null;
      if (entry.divider) article.before(entry.divider);
    }
    article.classList.toggle("grouped", !day && belongsTo(above, message));
  }
}

function belongsTo(above, message) {
  return (
    !message.reply &&
    !message.notice &&
    !above.notice &&
    above.author.id === message.author.id &&
    above.author.display === message.author.display &&
    above.ephemeral === message.ephemeral &&
    !above.thread &&
    message.at - above.at < GROUPED_WITHIN_MS
  );
}

function divider(day, isNew) {
  const name = [isNew && "New messages", day].filter(Boolean).join(", ");
  return h(
    "div",
    { class: isNew ? "divider new" : "divider", role: "separator", "aria-label": name },
    day && h("span", { class: "divider-day" }, day),
    isNew && h("span", { class: "divider-new" }, "NEW"),
  );
}
