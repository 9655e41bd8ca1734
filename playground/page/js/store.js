// What the page knows: the last push of each kind (see playground/shapes/), and who wants to hear of it.
//
// Kinds of the page's own: hello (the answer to `hello`), online (is there a line to the server), panel (see side.js),
// draft ({channel, text}: what the composer of that channel shall hold), reply and editing (messages).

export class Store {
  #values = new Map();
  #listeners = new Map();

  get(kind) {
    return this.#values.get(kind);
  }

  /** Keep a value and tell the listeners of its kind; one that fails keeps no other from hearing. */
  set(kind, value) {
    this.#values.set(kind, value);
    for (const listener of this.#listeners.get(kind) ?? []) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Call `listener` with each new value of these kinds, and at once with those that are there. Returns how to stop. */
  on(kinds, listener) {
    const all = [kinds].flat();
    for (const kind of all) {
      if (!this.#listeners.has(kind)) this.#listeners.set(kind, new Set());
      this.#listeners.get(kind).add(listener);
      if (this.#values.has(kind)) listener(this.#values.get(kind));
    }
    return () => all.forEach((kind) => this.#listeners.get(kind).delete(listener));
  }
}
