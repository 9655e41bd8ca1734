// What stands above the first message: that it is the first, or that older ones are coming. A forum has no messages of
// its own; there its posts stand here.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { allChannels } from "./town.js";

/** Make it for the open channel; `more` if there are older messages. */
export function beginning(app, more) {
  if (more) return h("div", { class: "beginning loading", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  const channel = app.store.get("channel");
  if (!channel) return h("div", { class: "beginning" });
  const [title, text] = words(channel);
  return h(
    "div",
    { class: "beginning" },
    h("h2", {}, title),
    h("p", {}, text),
    channel.kind === "forum" && posts(app, channel),
  );
}

function words({ kind, name }) {
  if (kind === "dm") return [name, `This is the beginning of your conversation with ${name}.`];
  if (kind === "thread") return [name, "This is the beginning of the thread."];
  if (kind === "forum") return [`#${name}`, "A forum: each post is a conversation of its own."];
  return [`Welcome to #${name}!`, `This is the beginning of #${name}.`];
}

function posts(app, { id }) {
  const found = allChannels(app.store).filter(({ channel }) => channel.parent === id);
  const open = (post) =>
    h(
      "button",
      { class: "thread-mark", onclick: () => app.open(post.id) },
      icon("thread", 18),
      h("strong", {}, post.name),
    );
  return h(
    "ul",
    { class: "plain", "aria-label": "Posts" },
    found.map(({ channel }) => h("li", {}, open(channel))),
  );
}
