// The page's beginning: opens the line, keeps what comes in, and gives every part of the page its place.

import { Connection } from "./connection.js";
import { Store } from "./store.js";

const store = new Store();
const app = {
  store,
  /** Ask the server; rejects with its sentence. */
  ask: (verb, fields) => connection.ask(verb, fields),
  /** Ask the server, and show its refusal as a toast; resolves to undefined then. */
  async tell(verb, fields) {
    try {
      return await connection.ask(verb, fields);
    } catch (error) {
      store.set("toast", { kind: "error", title: error.message, text: "", detail: "" });
      return undefined;
    }
  },
};

const connection = new Connection({
  opened: async () => {
    const last = JSON.parse(sessionStorage.getItem("place") ?? "{}");
    store.set("hello", await app.ask("hello", last));
    store.set("online", true);
  },
  pushed: (kind, data) => store.set(kind, data),
  lost: () => store.set("online", false),
});
