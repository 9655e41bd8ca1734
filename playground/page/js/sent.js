// What each person sent in this tab, to be fetched back with Ctrl+Up and Ctrl+Down.

const MOST_KEPT = 50;

const keyOf = (person) => `sent:${person}`;
const read = (person) => JSON.parse(sessionStorage.getItem(keyOf(person)) ?? "[]");

/** Keep a text that was sent. */
export function keepSent(person, text) {
  if (!text) return;
  const before = read(person).filter((each) => each !== text);
  sessionStorage.setItem(keyOf(person), JSON.stringify([...before, text].slice(-MOST_KEPT)));
}

/** Walks through what a person sent. */
export class Sent {
  #at = 0; // steps back from now
  #draft = "";

  /** Forget where one was: the text was typed anew. */
  reset() {
    this.#at = 0;
  }

  /** The text `by` steps further back; what was being typed stands at the end. Null if there is no other. */
  step(person, by, current) {
    const texts = read(person);
    if (this.#at === 0) this.#draft = current;
    const to = Math.max(0, Math.min(texts.length, this.#at + by));
    if (to === this.#at) return null;
    this.#at = to;
    return to === 0 ? this.#draft : texts[texts.length - to];
  }
}
