// Where the log stands: at the end it stays at the end; elsewhere what one reads stays where it is, whatever is added,
// taken away or grows above it.

const NEAR_PX = 48; // of the end, which still counts as the end

export class Follower {
  atEnd = true;
  #scroller;
  #content;
  #moved;
  #last = 0;
  #reading = null; // the first message in view
  #offset = 0; // its top, below the scroller's

  /** `moved()` is called after scrolling and after every change of size. */
  constructor(scroller, content, moved) {
    this.#scroller = scroller;
    this.#content = content;
    this.#moved = moved;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const sizes = new ResizeObserver(() => this.#settle());
    sizes.observe(scroller);
    sizes.observe(content);
  }

  /** Change the content without moving what is read. */
  keep(change) {
    this.#remember();
    const result = change();
    this.#settle();
    return result;
  }

  /** Go to the newest message. */
  toEnd() {
    this.atEnd = true;
    this.#settle();
  }

  /** Show an element in the middle. */
  show(element) {
    this.atEnd = false;
    element.scrollIntoView({ block: "center" });
    this.#scrolled();
  }

  #distance() {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #scrolled() {
    const top = this.#scroller.scrollTop;
    // What grows below leaves the end further away; only scrolling up means to leave it.
    if (this.#distance() < NEAR_PX) this.atEnd = true;
    else if (top < this.#last) this.atEnd = false;
    this.#last = top;
    this.#remember();
    this.#moved();
  }

  #settle() {
    if (this.atEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else if (this.#reading?.isConnected) this.#scroller.scrollTop += this.#topOf(this.#reading) - this.#offset;
    this.#last = this.#scroller.scrollTop;
    this.#remember();
    this.#moved();
  }

  #remember() {
    const parts = this.#content.children;
    let [low, high] = [0, parts.length - 1];
    const top = this.#scroller.getBoundingClientRect().top;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (parts[middle].getBoundingClientRect().bottom > top) high = middle;
      else low = middle + 1;
    }
    // What stands between the messages comes and goes with them.
    while (low < parts.length - 1 && parts[low].tagName !== "ARTICLE") low++;
    this.#reading = parts[low] ?? null;
    if (this.#reading) this.#offset = this.#topOf(this.#reading);
  }

  #topOf(element) {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }
}
