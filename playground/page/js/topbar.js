// The line above the conversation: where one is, what it is about, what is pinned there, and the side's switch.

import { kindIcon } from "./channels.js";
import { openPopover } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { enliven } from "./markup.js";
import { showPins } from "./pins.js";
import { duration } from "./town.js";

export function mount(app, element) {
  const name = h("button", { class: "channel-name", "aria-expanded": false, onclick: () => showAbout(app, name) });
  const topic = h("div", { class: "topic markup" });
  const pins = h("button", { class: "icon-button", "aria-expanded": false, onclick: () => showPins(app, pins) });
  const side = h("button", { class: "icon-button", onclick: () => toggleSide(app) }, icon("people"));
  element.append(
    h("button", { class: "icon-button only-narrow", "aria-label": "Servers and channels", onclick: () => app.openPlaces() },
      icon("menu")),
    h("h1", {}, name), topic,
    h("div", { class: "topbar-buttons" }, pins, side));

  app.store.on("channel", (channel) => {
    replace(name, channel ? [icon(kindIcon(channel)), h("span", { class: "name" }, channel.name)] : "Nowhere");
    topic.innerHTML = channel?.topic_html ?? "";
    enliven(topic);
    topic.hidden = !channel?.topic_html;
    pins.hidden = !channel;
    pins.title = "Pinned messages";
    pins.setAttribute("aria-label", `Pinned messages: ${channel?.pins ?? 0}`);
    replace(pins, icon("pin"), channel?.pins > 0 && h("span", { class: "count", "aria-hidden": "true" }, channel.pins));
  });
  app.store.on("panel", (panel) => {
    side.title = panel.open ? "Hide the side" : "Members, what happened, trouble";
    side.setAttribute("aria-label", "Members, what happened, trouble");
    side.setAttribute("aria-pressed", String(panel.open));
  });
}

function toggleSide(app) {
  const panel = app.store.get("panel");
  app.store.set("panel", { ...panel, open: !panel.open });
}

/** All that is to say about the open channel; on a narrow screen the line itself has no room for it. */
function showAbout(app, anchor) {
  const channel = app.store.get("channel");
  if (!channel) return;
  const topic = h("div", { class: "markup", html: channel.topic_html || "No topic." });
  enliven(topic);
  openPopover(anchor, {
    label: `About ${channel.name}`,
    content: h("div", { class: "about", tabindex: "-1", autofocus: true },
      h("h2", {}, channel.name),
      topic,
      channel.slowmode > 0 && h("p", { class: "hint" }, `Slowmode: one message in ${duration(channel.slowmode)}.`),
      channel.may.why_not_send && h("p", { class: "hint" }, channel.may.why_not_send),
      h("p", { class: "hint" }, "Id ", h("code", {}, channel.id))),
  });
}
