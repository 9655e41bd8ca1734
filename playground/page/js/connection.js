// The line to the server: requests with answers, pushes without, and coming back after the program was restarted.

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;

export class Connection {
  #socket = null;
  #waiting = new Map();
  #next = 1;
  #wait = FIRST_WAIT_MS;

  /** `opened` runs after each (re)connect, `pushed(kind, data)` for each push, `lost` when the line breaks. */
  constructor({ opened, pushed, lost }) {
    this.opened = opened;
    this.pushed = pushed;
    this.lost = lost;
    this.#connect();
  }

  /** Ask the server for something; rejects with its sentence. */
  ask(verb, fields = {}) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new Error("The town can't be reached just now."));
        return;
      }
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ ...fields, id, do: verb }));
    });
  }

  #connect() {
    const address = new URL("live", document.baseURI);
    address.protocol = "ws:";
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => {
      this.#wait = FIRST_WAIT_MS;
      this.opened();
    });
    this.#socket.addEventListener("message", (event) => this.#heard(JSON.parse(event.data)));
    this.#socket.addEventListener("close", () => this.#closed());
  }

  #heard(said) {
    if (said.push) {
      this.pushed(said.push, said.data);
      return;
    }
    const waiting = this.#waiting.get(said.re);
    this.#waiting.delete(said.re);
    if (said.error === undefined) waiting?.resolve(said.ok);
    else waiting?.reject(new Error(said.error));
  }

  #closed() {
    for (const { reject } of this.#waiting.values()) reject(new Error("The line to the town broke."));
    this.#waiting.clear();
    this.lost();
    setTimeout(() => this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}
