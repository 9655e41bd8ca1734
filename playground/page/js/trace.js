// What happened: what the bot did for a message, or lately; step by step, live.

import { h, patch, plural } from "./dom.js";
import { icon } from "./icons.js";
import { dateAndTime } from "./times.js";
import { duration, jumpBetween, stepOf } from "./trace_step.js";

const GROUPS = [
  ["Commands", ["command", "check"]],
  ["Events", ["event", "gateway"]],
  ["SQL", ["sql"]],
  ["REST", ["rest"]],
  ["Log", ["log"]],
  ["Messages", ["message"]],
];
const CAUSES = { message: "message", click: "bolt", form: "file", reaction: "smile", timer: "clock", other: "dots" };
const OUTCOMES = { running: "Still at it", done: "Done", refused: "Refused", failed: "Failed", nothing: "Nothing done" };
const HIDDEN = "trace-hidden";
const NOTHING_YET = "Do something in town, and all that the bot does for it is written down here.";
const NOTHING_KNOWN = "The bot did nothing for this message while the playground watched.";

/** Fill `element`; the store's "panel" says of which message: {tab: "trace", open, message}. */
export function mount(app, element) {
  const said = h("p", { class: "said", role: "status" });
  const content = h("div", { class: "traces" });
  element.append(said, content);

  const hidden = new Set(JSON.parse(localStorage.getItem(HIDDEN) ?? "[]"));
  const unfolded = new Set(); // keys of steps, kept while the page shows them anew
  let view = {}; // {message: id}, {trace: id}, or nothing: what happened lately
  let traces = [];
  let shown = "";
  let asking = null;
  let again = false;

  const visible = () => app.store.get("panel")?.tab === "trace" && app.store.get("panel").open;

  function choose(next) {
    view = next;
    shown = "";
    unfolded.clear();
    element.scrollTop = 0;
    look();
  }

  /** Ask anew; while an answer is under way, once more after it. */
  async function look() {
    again = true;
    asking ??= (async () => {
      while (again && visible()) {
        again = false;
        const asked = view;
        const found = await (asked.message ? app.ask("trace", asked) : app.ask("latest_traces"));
        if (asked === view) show(found);
      }
    })().catch(() => {}).finally(() => (asking = null)); // the line broke: the next "online" asks again
    await asking;
  }

  function show(found) {
    const looks = JSON.stringify(found);
    if (looks === shown) return;
    const first = shown === "";
    shown = looks;
    traces = view.trace ? found.filter(({ id }) => id === view.trace) : found;
    draw();
    if (first && view.message) said.textContent = traces.map((trace) => `${trace.title}: ${OUTCOMES[trace.outcome]}`).join(". ") || NOTHING_KNOWN;
  }

  function draw() {
    if (!view.message && !view.trace) patch(content, lately());
    else if (traces.length === 0) patch(content, back(), h("p", { class: "trace-empty" }, NOTHING_KNOWN));
    else patch(content, back(), chips(), traces.map(traceOf));
  }

  const back = () => h("button", { class: "trace-back", "data-key": "back", onclick: () => choose({}) }, icon("back", 16), "All that happened lately");

  function lately() {
    if (traces.length === 0) return h("p", { class: "trace-empty" }, NOTHING_YET);
    return [
      h("h3", { class: "trace-head" }, "Lately"),
      h("ul", { class: "plain trace-list" }, traces.map((trace) => h("li", {},
        h("button", { class: "menu-item", "data-key": `t${trace.id}`, onclick: () => choose({ trace: trace.id }) },
          icon(CAUSES[trace.kind], 18),
          h("span", { class: "trace-line" }, h("span", { class: "name" }, trace.title), h("span", { class: "hint" }, origin(trace))),
          outcome(trace))))),
    ];
  }

  function chips() {
    const count = (kinds) => traces.reduce((sum, { counts }) => sum + kinds.reduce((part, kind) => part + (counts[kind] ?? 0), 0), 0);
    const there = GROUPS.map(([label, kinds]) => [label, kinds, count(kinds)]).filter(([, , number]) => number > 0);
    return h("div", { class: "trace-chips", role: "group", "aria-label": "Kinds of steps that are shown" }, there.map(([label, , number]) =>
      h("button", {
        class: "chip",
        "data-key": `chip-${label}`,
        "aria-pressed": String(!hidden.has(label)),
        onclick: () => {
          if (!hidden.delete(label)) hidden.add(label);
          localStorage.setItem(HIDDEN, JSON.stringify([...hidden]));
          draw();
        },
      }, label, h("span", { class: "count" }, number))));
  }

  function traceOf(trace) {
    const off = new Set(GROUPS.filter(([label]) => hidden.has(label)).flatMap(([, kinds]) => kinds));
    const steps = trace.steps.map((step, index) => ({ step, key: `${trace.id}-${index}` })).filter(({ step }) => !off.has(step.kind));
    return h("article", { class: "trace", "aria-labelledby": `trace-${trace.id}` },
      h("header", {},
        h("h3", { id: `trace-${trace.id}`, class: "trace-title" }, icon(CAUSES[trace.kind], 18), h("span", {}, trace.title)),
        h("p", { class: "trace-sum" }, outcome(trace), h("span", {}, [origin(trace), ...sums(trace)].join(" · ")))),
      h("ol", { class: "plain trace-steps" }, steps.map(({ step, key }, index) => [
        jumpBetween(steps[index - 1]?.step, step),
        stepOf(step, key, unfolded),
      ])),
      trace.more > 0 && h("p", { class: "hint" }, `… ${trace.more} more`));
  }

  const origin = (trace) => [
    !trace.title.startsWith(trace.who) && trace.who,
    dateAndTime(trace.at, app.store.get("clock")?.now ?? Date.now()),
  ].filter(Boolean).join(", ");

  app.store.on("panel", (panel) => {
    if (panel.message && panel.message !== view.message) choose({ message: panel.message });
    else if (visible()) look();
  });
  app.store.on("traced", (ids) => {
    if (!view.message || ids.includes(view.message)) look();
  });
  app.store.on("online", (online) => online && look());
}

const outcome = (trace) => h("span", { class: `outcome ${trace.outcome}` }, OUTCOMES[trace.outcome]);

/** How long it took, how many statements and calls: what one looks for first. */
function sums({ took, counts, sql_ms: sqlMs }) {
  return [
    duration(took),
    counts.sql && `${plural(counts.sql, "statement")} in ${duration(sqlMs)}`,
    counts.rest && plural(counts.rest, "REST call"),
    counts.error && plural(counts.error, "error"),
  ].filter(Boolean);
}
