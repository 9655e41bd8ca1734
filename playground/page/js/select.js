// A select: a button that says what is chosen, and a list beside it. Used by messages and by modals.

import { openPopover, place } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { openOptions } from "./select_options.js";

const NOTHING_CHOSEN = {
  string: "Make a selection",
  user: "Select a person",
  role: "Select a role",
  mentionable: "Select a person or role",
  channel: "Select a channel",
};

let open = null; // the select whose list is open: {key, shape, element, panel}

/**
 * Make a select of `shapes.Select`.
 *
 * `key` tells it from all others: when a message is shown anew with the same select while its list is open, the very
 * same element is returned, so that the list stays. `chose(values)` is called when the list closes with another
 * choice. The result has `values()`, the chosen values.
 */
export function buildSelect(shape, { key, label, chose }) {
  const text = JSON.stringify(shape);
  if (open?.key === key && open.shape === text) return open.element;
  let chosen = shape.options.filter((option) => option.default).map((option) => option.value);
  const said = h("span", { class: "select-chosen" });
  const element = h(
    "button",
    {
      type: "button",
      class: "select",
      "aria-haspopup": "listbox",
      "aria-expanded": false,
      dataset: { key: `select-${shape.custom_id}` },
      onclick: () => show(),
    },
    said,
    icon("down", 18),
  );
  element.disabled = Boolean(shape.disabled);
  element.values = () => chosen;

  function showChosen() {
    const options = shape.options.filter((option) => chosen.includes(option.value));
    const empty = shape.placeholder || NOTHING_CHOSEN[shape.of] || NOTHING_CHOSEN.string;
    replace(
      said,
      options.length > 0
        ? options.map((option) =>
            h(
              "span",
              { class: shape.max > 1 ? "select-chip" : "" },
              option.emoji && emoji(option.emoji, 18),
              option.label,
            ),
          )
        : h("span", { class: "placeholder" }, empty),
    );
    const words = options.map((option) => option.label).join(", ");
    element.setAttribute("aria-label", [label, words || empty].filter(Boolean).join(": "));
  }

  function show() {
    const list = openOptions(shape, chosen, (values) => {
      panel.hidePopover();
      if (values.join() === chosen.join()) return;
      chosen = values;
      showChosen();
      chose(values);
    });
    const panel = openPopover(element, {
      label: label || shape.placeholder || "Options",
      content: list.element,
      kind: "select-panel",
    });
    if (!panel) return;
    open = { key, shape: text, element, panel };
    const follow = () => element.isConnected && place(panel, element);
    document.addEventListener("scroll", follow, { capture: true, passive: true });
    panel.style.minWidth = `min(${element.offsetWidth}px, 100vw)`;
    place(panel, element);
    list.begin();
    panel.addEventListener("toggle", (event) => {
      if (event.newState === "open") return;
      document.removeEventListener("scroll", follow, { capture: true });
      if (open?.panel === panel) open = null;
      list.closed();
    });
  }

  showChosen();
  return element;
}

/** Close the list of a select that is no longer in the page. */
export function closeOrphans() {
  if (open && !open.element.isConnected) open.panel.hidePopover();
}
