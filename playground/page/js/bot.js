// How the bot is, in the bar: a click leads to where one can make it worse.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { openSwitcher } from "./switcher.js";

/** How the bot is in one word, and its colour's class. */
export function botState({ bot, gateway }) {
  if (bot === "dead") return ["Bot is dead", "bad"];
  if (bot === "starting") return ["Bot is starting", "busy"];
  if (gateway === "dropped") return ["Bot is cut off", "busy"];
  return ["Bot is running", "good"];
}

export function mount(app, element) {
  const state = h("button", {
    class: "play-button",
    onclick: () => app.store.set("panel", { tab: "trouble", open: true }),
  });
  const search = h("button", {
    class: "play-button only-wide",
    "aria-label": "Go to…",
    title: "Go to… (Ctrl+K)",
    onclick: () => openSwitcher(app),
  }, icon("search", 18));
  element.append(state, search);
  app.store.on("trouble", (trouble) => {
    const [words, colour] = botState(trouble);
    const faults = trouble.faults.length;
    state.title = `${words}. Make trouble for it`;
    state.setAttribute("aria-label", state.title);
    replace(state,
      h("span", { class: `dot ${colour}` }),
      h("span", { class: "words" }, words),
      faults > 0 && icon("bolt", 16));
  });
}
