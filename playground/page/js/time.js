// The town's clock, which runs at real speed, and the ways to move it ahead.

import { openPopover } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { duration, townNow } from "./town.js";

const STEPS = [["+1 min", "one minute", 60], ["+1 h", "one hour", 3600], ["+1 day", "one day", 86400]];
const NARROW = matchMedia("(max-width: 760px)");
const REAL_TIME_WITHIN_SECONDS = 30; // the town's clock may lag behind by a tick; that's no travel

export function mount(app, element) {
  const date = h("span", { class: "date" });
  const time = h("time", {});
  const ahead = h("span", { class: "ahead" });
  const clock = h("button", {
    class: "play-button",
    "aria-expanded": false,
    "aria-haspopup": "dialog",
    title: "The town's time",
    onclick: () => openTime(app, clock, skip),
  }, icon("clock", 18), h("span", { class: "said" }, "Time in town: "), h("span", { class: "town-clock" }, date, " ", time), ahead);
  const inline = h("span", { class: "steps-inline", role: "group", "aria-label": "Let time pass" });
  const said = h("span", { class: "said", role: "status" });
  element.append(inline, clock, said); // the clock last: what it says grows and shrinks, and no button moves
  let travelling = false;
  let ticking;

  function tick() {
    const now = new Date(townNow(app.store));
    date.textContent = now.toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
    time.textContent = now.toLocaleTimeString(undefined, NARROW.matches ? { hour: "numeric", minute: "2-digit" } : undefined);
    time.dateTime = now.toISOString();
    clearTimeout(ticking);
    ticking = setTimeout(tick, 1000 - (now.getTime() % 1000));
    ahead.textContent = busy() ? "travelling…" : aheadWords(app.store.get("clock"), NARROW.matches);
  }

  const busy = () => travelling || app.store.get("clock")?.travelling === true;

  function show() {
    if (!app.store.get("clock")) return;
    element.classList.toggle("travelling", busy());
    tick();
    replace(inline, steps(app, skip, busy()));
  }

  /** Let time pass; resolves to the sentence of a refusal, or undefined. */
  async function skip(verb, fields) {
    travelling = true;
    show();
    try {
      const state = await app.ask(verb, fields);
      if (state) app.store.set("clock", state);
      said.textContent = `It is now ${new Date(townNow(app.store)).toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" })}.`;
      return undefined;
    } catch (error) {
      return error.message;
    } finally {
      travelling = false;
      show();
    }
  }

  app.store.on("clock", show);
  tick();
}

function aheadWords(state, short = false) {
  if (!state || state.ahead_seconds < REAL_TIME_WITHIN_SECONDS) return "";
  if (short) return `+${duration(state.ahead_seconds).replace(/ (\p{L})\p{L}*/gu, "\u202f$1")}`;
  return `${duration(state.ahead_seconds)} ahead`;
}

/** The buttons that need no words: one step each, and to what is due next. */
function steps(app, skip, busy) {
  const refusing = async (verb, fields) => {
    const refusal = await skip(verb, fields);
    if (refusal) app.store.set("toast", { kind: "error", title: refusal, text: "", detail: "" });
  };
  return [
    STEPS.map(([label, words, seconds]) => h("button", {
      class: "play-button boxed",
      "aria-label": `Skip ${words}`,
      title: `Let ${words} pass`,
      "data-key": label,
      "aria-disabled": busy && "true", // not `disabled`: that would take the focus away
      onclick: () => busy || refusing("skip", { seconds }),
    }, label)),
    h("button", {
      class: "play-button boxed",
      title: `To the next of its timers. ${nextWords(app)}`,
      "data-key": "next",
      "aria-disabled": busy && "true",
      onclick: () => busy || refusing("skip_until", { text: "next" }),
    }, icon("step", 14), "Next"),
  ];
}

function nextWords(app) {
  const next = app.store.get("clock")?.next_timer;
  if (!next) return "Nothing of the bot is due";
  return `Something of the bot is due in ${duration(Math.max(0, next - townNow(app.store)) / 1000)}`;
}

function openTime(app, anchor, skip) {
  const now = h("p", { class: "now" });
  const ahead = h("p", { class: "hint" });
  const row = h("div", { class: "time-steps" });
  const refusal = h("p", { class: "error", role: "alert" });
  const until = h("input", {
    class: "field",
    placeholder: "tomorrow 9:00",
    "aria-label": "Until when",
    autocomplete: "off",
    autofocus: matchMedia("(pointer: fine)").matches,
  });
  const form = h("form", { onsubmit: travel },
    h("label", { class: "label" }, "Until…"),
    h("div", { class: "with-button" }, until, h("button", { class: "button" }, "Go")),
    h("p", { class: "hint" }, "Such as 'tomorrow 9:00', '18:30' or '2027-03-01'."));
  const panel = openPopover(anchor, {
    label: "Time in town",
    content: h("div", { class: "time-panel" }, h("div", {}, now, ahead), row, form, refusal),
  });
  if (!panel) return;

  async function travel(event) {
    event.preventDefault();
    if (!until.value.trim()) return;
    refusal.textContent = "";
    const sentence = await skip("skip_until", { text: until.value.trim() });
    refusal.textContent = sentence ?? "";
    if (!sentence) until.value = "";
  }

  function draw() {
    const state = app.store.get("clock");
    now.textContent = new Date(townNow(app.store)).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" });
    const how = aheadWords(state) || "The same as outside";
    ahead.textContent = `${how}. ${nextWords(app)}.`;
  }
  draw();
  const ticking = setInterval(draw, 1000);
  const stop = app.store.on("clock", (state) => {
    draw();
    replace(row, steps(app, skip, state.travelling));
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    clearInterval(ticking);
    stop();
  });
}
