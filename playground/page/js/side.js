// The side: three tabs, of which one is shown. Whoever wants to show one sets the store's "panel":
// {tab: "members" | "trace" | "trouble", open: true, message?: the id of the message that the trace is about}.

import { sideIsDrawer } from "./drawers.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const TABS = [["members", "Members"], ["trace", "What happened"], ["trouble", "Trouble"]];
const REMEMBERED = "panel";

/** Build the tabs in `element`; returns the three elements that they show, by name. */
export function mount(app, element) {
  const panels = {};
  const buttons = {};
  const bar = h("div", { class: "side-tabs", role: "tablist", "aria-label": "Beside the conversation" });
  for (const [name, label] of TABS) {
    buttons[name] = h("button", {
      id: `tab-${name}`,
      role: "tab",
      "aria-controls": `panel-${name}`,
      onclick: () => show({ tab: name }),
    }, label);
    panels[name] = h("div", {
      id: `panel-${name}`,
      class: "side-panel",
      role: "tabpanel",
      "aria-labelledby": `tab-${name}`,
      tabindex: "-1",
    });
    bar.append(buttons[name]);
  }
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = TABS.map(([name]) => name);
    const next = names[(names.indexOf(app.store.get("panel").tab) + step + names.length) % names.length];
    show({ tab: next });
    buttons[next].focus();
    event.preventDefault();
  });
  const close = h("button", { class: "icon-button", "aria-label": "Close", onclick: () => show({ open: false }) },
    icon("close"));
  element.append(h("div", { class: "side-head" }, bar, close), ...Object.values(panels));

  function show(change) {
    app.store.set("panel", { ...app.store.get("panel"), message: undefined, open: true, ...change });
  }

  app.store.on("panel", (panel) => {
    element.toggleAttribute("data-closed", !panel.open);
    element.classList.toggle("broad", panel.tab === "trace");
    for (const [name] of TABS) {
      const chosen = panel.tab === name;
      buttons[name].setAttribute("aria-selected", String(chosen));
      buttons[name].tabIndex = chosen ? 0 : -1;
      panels[name].hidden = !chosen;
    }
    localStorage.setItem(REMEMBERED, JSON.stringify({ tab: panel.tab, open: panel.open }));
    if (panel.open && sideIsDrawer() && !element.contains(document.activeElement)) buttons[panel.tab].focus();
  });
  app.store.on("trouble", (trouble) => {
    const count = trouble.faults.length;
    buttons.trouble.replaceChildren(count > 0 ? "Trouble " : "Trouble");
    if (count > 0) {
      buttons.trouble.append(h("span", { class: "badge" }, count, h("span", { class: "said" }, count === 1 ? " call will fail" : " calls will fail")));
    }
  });
  const last = JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}");
  app.store.set("panel", { tab: last.tab ?? "members", open: !sideIsDrawer() && (last.open ?? true) });
  return panels;
}
