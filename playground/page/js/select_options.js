// The list of a select: search, arrow keys, one or many.

import { h, replace } from "./dom.js";
import { emoji } from "./emoji.js";

const SEARCH_FROM = 8; // options; fewer are seen at once

let count = 0;

/**
 * The inside of a select's panel. `done(values)` is called once: at once when one of one is chosen, else at the end.
 *
 * Returns {element, begin(), closed()}: call `begin` when it is shown, `closed` when the panel closed.
 */
export function openOptions(shape, before, done) {
  const many = shape.max > 1;
  const id = `options-${++count}`;
  const chosen = new Set(before);
  let finished = false;
  let active = Math.max(
    0,
    shape.options.findIndex((option) => chosen.has(option.value)),
  );
  let shown = shape.options;

  const list = h("div", {
    class: "options",
    role: "listbox",
    id,
    "aria-label": "Options",
    "aria-multiselectable": many ? "true" : undefined,
    tabindex: "-1",
  });
  const search =
    shape.options.length >= SEARCH_FROM &&
    h("input", {
      class: "field",
      type: "search",
      role: "combobox",
      placeholder: "Search",
      "aria-label": "Search",
      "aria-expanded": true,
      "aria-controls": id,
      "aria-autocomplete": "list",
      autocomplete: "off",
    });
  const keys = search || list;
  const state = h("span", { class: "hint", role: "status" });
  const ready = h("button", { type: "button", class: "button primary small", onclick: () => finish() }, "Done");
  const element = h(
    "div",
    { class: "select-options" },
    search,
    list,
    many && h("div", { class: "select-footer" }, state, ready),
  );

  function show() {
    const wanted = search ? search.value.trim().toLowerCase() : "";
    shown = shape.options.filter(({ label, description }) =>
      `${label} ${description ?? ""}`.toLowerCase().includes(wanted),
    );
    active = Math.min(active, Math.max(0, shown.length - 1));
    replace(list, shown.length > 0 ? shown.map(row) : h("p", { class: "hint" }, "There is nothing to choose."));
    mark();
  }

  function row(option, index) {
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: `${id}-${index}`,
        "aria-selected": chosen.has(option.value),
        onclick: () => toggle(index),
        onpointermove: () => active !== index && mark(index),
      },
      option.emoji && emoji(option.emoji, 22),
      h(
        "span",
        { class: "option-text" },
        h("span", {}, option.label),
        option.description && h("span", { class: "hint" }, option.description),
      ),
      h("span", { class: many ? "option-mark box" : "option-mark", "aria-hidden": "true" }),
    );
  }

  function mark(index = active, scroll = false) {
    active = index;
    for (const [at, each] of [...list.querySelectorAll(".option")].entries()) {
      each.classList.toggle("active", at === active);
      each.setAttribute("aria-selected", String(chosen.has(shown[at].value)));
      if (at === active && scroll) each.scrollIntoView({ block: "nearest" });
    }
    if (shown.length > 0) keys.setAttribute("aria-activedescendant", `${id}-${active}`);
    else keys.removeAttribute("aria-activedescendant");
    const enough = chosen.size >= shape.min;
    state.textContent = `${chosen.size} chosen · ${shape.min === shape.max ? shape.min : `${shape.min} to ${shape.max}`} wanted`;
    ready.disabled = !enough;
  }

  function toggle(index) {
    const option = shown[index];
    if (!option) return;
    const had = chosen.has(option.value);
    if (!many) {
      if (had && shape.min > 0) chosen.add(option.value);
      else if (had) chosen.delete(option.value);
      else (chosen.clear(), chosen.add(option.value));
      finish();
      return;
    }
    if (had) chosen.delete(option.value);
    else if (chosen.size < shape.max) chosen.add(option.value);
    mark(index);
  }

  function finish() {
    if (finished || (many && chosen.size < shape.min)) return;
    finished = true;
    done(shape.options.map((option) => option.value).filter((value) => chosen.has(value)));
  }

  element.addEventListener("keydown", (event) => {
    const last = shown.length - 1;
    const to = {
      ArrowDown: Math.min(active + 1, last),
      ArrowUp: Math.max(active - 1, 0),
      PageDown: Math.min(active + 8, last),
      PageUp: Math.max(active - 8, 0),
    }[event.key];
    if (event.target.closest("button")) return;
    if (to !== undefined) mark(to, true);
    else if (event.key === "Enter" || (event.key === " " && !search)) toggle(active);
    else if (event.key === "Escape") finished = true;
    else if (!search && event.key.length === 1 && !event.ctrlKey) jumpTo(event.key.toLowerCase());
    else return;
    if (event.key !== "Escape") event.preventDefault();
  });

  function jumpTo(letter) {
    const order = [...shown.keys()].map((index) => (index + active + 1) % shown.length);
    const found = order.find((index) => shown[index].label.toLowerCase().startsWith(letter));
    if (found !== undefined) mark(found, true);
  }

  if (search) search.addEventListener("input", () => ((active = 0), show()));
  show();
  return {
    element,
    begin() {
      keys.focus();
      mark(active, true);
    },
    /** A press beside the list takes what was chosen among many; Esc doesn't. */
    closed() {
      if (many) finish();
    },
  };
}
