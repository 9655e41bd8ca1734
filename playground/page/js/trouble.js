// Trouble: what can go wrong for a bot, made to go wrong. Its process and line here; calls and permissions beside.

import * as faults from "./faults.js";
import { botState } from "./bot.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import * as standing from "./standing.js";

export function mount(app, element) {
  const state = h("p", { class: "line", role: "status" });
  const switches = h("div", { class: "pair" });
  const life = h("section", { "aria-labelledby": "trouble-life" }, h("h3", { id: "trouble-life" }, "The bot"), state, switches);
  const calls = h("section", { "aria-labelledby": "trouble-calls" });
  const rights = h("section", { "aria-labelledby": "trouble-rights" });
  element.append(h("div", { class: "trouble" }, life, calls, rights));
  faults.mount(app, calls);
  standing.mount(app, rights);
  app.store.on("trouble", (trouble) => {
    const [words, colour] = botState(trouble);
    if (state.textContent !== words) replace(state, h("span", { class: `dot ${colour}` }), words);
    replace(switches, switchesOf(app, trouble));
  });
}

function switchesOf(app, trouble) {
  const dead = trouble.bot === "dead";
  const dropped = trouble.gateway === "dropped";
  return [
    h("button", {
      class: dead ? "button small success" : "button small danger",
      "data-key": "life",
      title: dead ? "Start the bot again" : "End the bot at once, as a power cut would",
      disabled: trouble.bot === "starting",
      onclick: () => app.tell(dead ? "start" : "kill"),
    }, icon("power", 16), dead ? "Start it" : "Kill it"),
    h("button", {
      class: "button small",
      "data-key": "gateway",
      title: dropped ? "Let Discord's events reach the bot again" : "Cut the line on which Discord's events come",
      disabled: trouble.bot !== "running",
      onclick: () => app.tell("gateway", { up: dropped }),
    }, icon("bolt", 16), dropped ? "Reconnect" : "Drop gateway"),
  ];
}
