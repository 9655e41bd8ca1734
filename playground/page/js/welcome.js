// The first visit: things to try, one click each. They are no tour: whoever does something else loses nothing, and
// after the first of them (or the ×) they are gone. The bulb in the bar brings them back.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

const REMEMBERED = "welcomed";

export function mount(app, { element, bulb }) {
  let shown = localStorage.getItem(REMEMBERED) === null;
  const button = h("button", {
    class: "play-button",
    "aria-label": "Things to try",
    title: "Things to try",
    onclick: () => toggle(!shown),
  }, icon("bulb", 18));
  bulb.append(button);

  function toggle(on) {
    shown = on;
    localStorage.setItem(REMEMBERED, "yes");
    draw();
  }

  function draw() {
    const suggestions = app.store.get("hello")?.suggestions ?? [];
    button.hidden = suggestions.length === 0;
    button.setAttribute("aria-pressed", String(shown));
    replace(element, shown && suggestions.length > 0 && cards(suggestions, (one) => attempt(app, one, toggle), () => toggle(false)));
  }

  app.store.on("hello", draw);
}

function cards(suggestions, run, close) {
  return h("section", { "aria-label": "Things to try" },
    h("div", { class: "welcome-head" }, icon("bulb", 18), "Try one of these",
      h("button", { class: "icon-button", "aria-label": "Hide the things to try", title: "Hide", onclick: close }, icon("close", 16))),
    h("ul", { class: "suggestions" }, suggestions.map((one) => h("li", {},
      h("button", { class: "suggestion", onclick: () => run(one) },
        h("strong", {}, one.title), h("span", { class: "text" }, one.text), h("code", {}, one.type))))));
}

/** Become who it is for, go where it belongs, and have the line typed; to send it is left to the reader. */
async function attempt(app, suggestion, toggle) {
  toggle(false);
  if (suggestion.person !== app.store.get("you").id) await app.tell("become", { person: suggestion.person });
  await app.open(suggestion.channel);
  app.store.set("draft", { channel: suggestion.channel, text: suggestion.type });
}
