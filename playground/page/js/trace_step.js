// One step of what happened: a line, and what can be unfolded below it.

import { h, plural } from "./dom.js";
import { icon } from "./icons.js";
import { coloured, laidOut } from "./sql.js";

const ICONS = {
  command: "bolt", check: "shield", event: "voice", gateway: "ear", sql: "database", rest: "send", log: "file",
  error: "warning", message: "message",
};
const KINDS = {
  command: "Command", check: "Check", event: "Event", gateway: "From Discord", sql: "SQL", rest: "REST call",
  log: "Log line", error: "Error", message: "Message",
};
const WORSE = { WARNING: "warn", ERROR: "bad", CRITICAL: "bad", refused: "bad", failed: "bad", cancelled: "warn" };
const GOOD = new Set(["done", "passed", "ok"]);
const SQL_SHOWN = 60; // characters of a statement that isn't unfolded
const JUMP_MS = 1500; // between the town's clock and the real one: then time was skipped

/** "0.42 ms", "12 ms", "1.2 s", "3 min" */
export function duration(milliseconds) {
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 3_600_000) return `${Math.round(milliseconds / 60_000)} min`;
  const hours = Math.round(milliseconds / 3_600_000);
  return hours < 48 ? `${hours} h` : plural(Math.round(hours / 24), "day");
}

/** A line between two steps between which the town's time was skipped. */
export function jumpBetween(before, step) {
  const town = before ? step.town - before.town : 0;
  if (!before || town - (step.at - before.at) < JUMP_MS) return null;
  return h("li", { class: "step-jump" }, `${duration(town)} later`);
}

/** A list item; `unfolded` holds the keys of those steps that are open. */
export function stepOf(step, key, unfolded) {
  const { note, rest } = partsOf(step);
  const head = [
    h("span", { class: "step-at" }, `+${duration(Math.max(step.at, 0))}`),
    icon(ICONS[step.kind], 16),
    h("span", { class: "said" }, `${KINDS[step.kind]}: `),
    h("span", { class: "step-main" },
      h("span", { class: "step-end" },
        step.tag && h("span", { class: `step-tag ${toneOf(step)}` }, step.tag),
        step.took !== null && h("span", { class: "step-took" }, ` ${duration(step.took)}`)),
      " ",
      h("span", { class: "step-title" }, titleOf(step)),
      note && h("span", { class: "step-note" }, note)),
  ];
  const attributes = { class: `step of-${step.kind} ${step.ok ? "" : "bad"}` };
  if (!rest) return h("li", attributes, h("div", { class: "step-head" }, head));
  return h("li", attributes, h("details", {
    open: unfolded.has(key),
    ontoggle: (event) => (event.target.open ? unfolded.add(key) : unfolded.delete(key)),
  }, h("summary", { class: "step-head", "data-key": `step-${key}` }, head), h("pre", { class: "step-more", tabindex: "0" }, rest)));
}

function toneOf({ tag, ok }) {
  if (WORSE[tag]) return WORSE[tag];
  if (!ok) return "bad";
  return GOOD.has(tag) ? "good" : "";
}

/** What stands below the title at once, and what when it is unfolded. */
function partsOf({ kind, title, detail }) {
  if (kind === "sql") return { rest: coloured(laidOut(detail)) };
  if (kind === "error") return { rest: detail };
  const [note, ...lines] = detail.split("\n");
  if (kind === "message" && lines.length > 0) return { note, rest: detail };
  return { note: note === title ? "" : note, rest: lines.join("\n") };
}

function titleOf({ kind, title }) {
  if (kind === "sql") return coloured(title.length > SQL_SHOWN ? `${title.slice(0, SQL_SHOWN)}…` : title);
  if (kind !== "rest") return title;
  const [method, ...path] = title.split(" ");
  return [h("b", {}, method), " ", path.join(" ").split(/(\d{15,})/).map((part, index) => (index % 2 ? h("span", { class: "id", title: part }, `…${part.slice(-4)}`) : part))];
}
