// Reactions under a message: press one to take part, or add another.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { pickEmoji } from "./emoji_picker.js";
import { icon } from "./icons.js";

const NAMES_SHOWN = 3;

/** The line of reactions; null where there are none. */
export function reactions(app, message) {
  if (message.reactions.length === 0) return null;
  const add = h(
    "button",
    {
      class: "reaction add",
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      dataset: { key: "add-reaction" },
      onclick: () => addReaction(app, message, add),
    },
    icon("smile", 18),
  );
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) => one(app, message, reaction)),
    app.store.get("channel")?.may.react && add,
  );
}

function one(app, message, reaction) {
  const { emoji: shown, key, count, me } = reaction;
  return h(
    "button",
    {
      class: "reaction",
      "aria-pressed": me,
      "aria-label": `${shown.name}: ${who(reaction)}`,
      title: who(reaction),
      dataset: { key: `reaction-${key}` },
      onclick: () => react(app, message, key, !me),
    },
    emoji(shown, 17),
    h("span", { class: "count" }, count),
  );
}

/** "Ann, Bo and 2 others" */
function who({ who: names, count }) {
  const shown = names.slice(0, NAMES_SHOWN);
  const others = count - shown.length;
  if (others > 0)
    return `${shown.join(", ")}${shown.length > 0 ? " and " : ""}${others} ${others === 1 ? "other" : "others"}`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown.join("");
}

const react = (app, { channel, id }, key, on) => app.tell("react", { channel, message: id, key, on });

/** Let this person choose an emoji, and react with it. */
export function addReaction(app, message, anchor) {
  pickEmoji(app, anchor, ({ key }) => react(app, message, key, true));
}
