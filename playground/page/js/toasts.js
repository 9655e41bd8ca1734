// Short words in the corner. Each goes by itself, errors later, and none while one points at it or reads its detail.
// An error with a detail stays until it is dismissed, or until there is a newer word about the same.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = { info: 6000, success: 6000, error: 14000 };
const MOST_SHOWN = 4;

export function mount(app, element) {
  const polite = h("div", { class: "said", role: "status" });
  const urgent = h("div", { class: "said", role: "alert" });
  document.body.append(polite, urgent);
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", "Notices");

  app.store.on("toast", (toast) => {
    if (toast.about) element.querySelector(`[data-about="${CSS.escape(toast.about)}"]`)?.remove();
    element.append(show(toast));
    while (element.children.length > MOST_SHOWN) element.firstElementChild.remove();
    const line = toast.kind === "error" ? urgent : polite;
    line.textContent = [toast.title, toast.text].filter(Boolean).join(" ");
  });
}

function show(toast) {
  let timer;
  const element = h("div", { class: `toast ${toast.kind}`, "data-about": toast.about },
    h("strong", {}, toast.title),
    h("button", { class: "icon-button", "aria-label": `Dismiss: ${toast.title}`, onclick: () => element.remove() }, icon("close", 16)),
    toast.text && h("p", {}, toast.text),
    toast.detail && h("details", {}, h("summary", {}, "Show the detail"), h("pre", { tabindex: "0" }, toast.detail)));
  if (toast.kind === "error" && toast.detail) return element;
  const held = () => element.matches(":hover, :focus-within") || element.querySelector("details[open]");
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (held() ? later() : element.remove()), SHOWN_MS[toast.kind] ?? SHOWN_MS.info);
  };
  later();
  return element;
}
