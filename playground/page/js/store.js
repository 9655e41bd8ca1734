// What the page knows: the last push of each kind (see playground/shapes.py), and who wants to hear of it.

export class Store {
  #values = new Map();
  #listeners = new Map();

  get(kind) {
    return this.#values.get(kind);
  }

  /** Keep a value and tell the listeners of its kind. */
  set(kind, value) {
    this.#values.set(kind, value);
    for (const listener of this.#listeners.get(kind) ?? []) listener(value);
  }

  /** Call `listener` with each new value of these kinds, and at once with those that are there. */
  on(kinds, listener) {
    for (const kind of [kinds].flat()) {
      if (!this.#listeners.has(kind)) this.#listeners.set(kind, new Set());
      this.#listeners.get(kind).add(listener);
      if (this.#values.has(kind)) listener(this.#values.get(kind));
    }
  }
}
