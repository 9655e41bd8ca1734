// The page's beginning: opens the line, keeps what comes in, and gives every part of the page its place.

import * as bot from "./bot.js";
import * as composer from "./composer.js";
import { Connection } from "./connection.js";
import { h } from "./dom.js";
import * as drawers from "./drawers.js";
import * as markup from "./markup.js";
import * as members from "./members.js";
import * as messages from "./messages.js";
import * as navigation from "./navigation.js";
import * as nowhere from "./nowhere.js";
import * as online from "./online.js";
import * as places from "./places.js";
import * as shortcuts from "./shortcuts.js";
import * as side from "./side.js";
import { Store } from "./store.js";
import * as time from "./time.js";
import * as toasts from "./toasts.js";
import * as topbar from "./topbar.js";
import * as trace from "./trace.js";
import * as trouble from "./trouble.js";
import * as welcome from "./welcome.js";
import * as you from "./you.js";

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

const part = (id) => document.getElementById(id);

/** The playground's own bar: who, when, and how the bot is. */
function mountControls(element) {
  const who = h("div", { id: "you" });
  const when = h("div", { id: "time" });
  const how = h("div", { id: "bot-state" });
  const brand = h("span", { class: "play-brand" },
    h("span", { class: "tile", "aria-hidden": "true" }, "H"), h("span", { class: "words" }, "Hearth's playground"));
  element.append(brand, who, when, how);
  store.on("hello", ({ version, dev }) => (brand.title = `Hearth ${version}${dev ? ", reloading features on save" : ""}`));
  you.mount(app, who);
  time.mount(app, when);
  bot.mount(app, how);
  welcome.mount(app, { element: part("welcome"), bulb: how });
}

function mountEverything() {
  markup.mount(app, document);
  toasts.mount(app, part("toasts"));
  online.mount(app, part("online"));
  navigation.mount(app);
  shortcuts.mount(app);
  drawers.mount(app, { places: part("places"), side: part("side"), main: document.querySelector("main"), veil: part("veil") });
  mountControls(part("controls"));
  places.mount(app, { rail: part("rail"), channels: part("channels") });
  topbar.mount(app, part("topbar"));
  messages.mount(app, part("conversation"));
  nowhere.mount(app, part("conversation"));
  composer.mount(app, part("composer"));
  const beside = side.mount(app, part("side"));
  members.mount(app, beside.members);
  trace.mount(app, beside.trace);
  trouble.mount(app, beside.trouble);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    part("composer").querySelector("textarea")?.focus();
  });
}

mountEverything();

/** Say who this tab was and where; a town that was made anew may know neither. */
async function greet() {
  try {
    store.set("hello", await app.ask("hello", navigation.remembered()));
  } catch {
    store.set("hello", await app.ask("hello"));
  }
  store.set("online", true);
}

const connection = new Connection({
  opened: () => greet().catch(() => {}), // the line broke again: the next one greets
  pushed: (kind, data) => store.set(kind, data),
  lost: () => store.set("online", false),
});
