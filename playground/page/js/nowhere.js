// What stands in place of the conversation for somebody who is in no server: how to get into one.

import { h, replace } from "./dom.js";
import { knownGuilds } from "./town.js";

export function mount(app, conversation) {
  const section = h("section", { class: "nowhere", "aria-label": "Nowhere", hidden: true });
  conversation.before(section);
  app.store.on(["channel", "you", "trouble"], () => {
    const nowhere = app.store.get("channel") === null;
    const pressed = section.contains(document.activeElement);
    section.hidden = !nowhere;
    conversation.hidden = nowhere;
    if (pressed && !nowhere) app.log.element.focus({ preventScroll: true });
    if (nowhere) replace(section, content(app, app.store.get("you")));
  });
}

function content(app, you) {
  if (!you) return null;
  const outside = knownGuilds(app.store).filter((guild) => !you.guilds.includes(guild.id));
  return [
    h("h2", {}, you.guilds.length > 0 ? `${you.display} sees no channel.` : `${you.display} is in no server.`),
    h("p", {}, "'You are', at the top, makes you somebody else."),
    outside.map((guild) => h("button", {
      class: "button primary",
      "data-key": guild.id,
      onclick: () => app.tell("rejoin", { person: you.id, guild: guild.id }),
    }, `Join ${guild.name}`)),
  ];
}
