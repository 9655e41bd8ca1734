// The list of those who can see the open channel, under the roles that set them apart.

import { nameStyle } from "./colours.js";
import { openMemberCard } from "./membercard.js";
import { h, initials, patch, picture } from "./dom.js";
import { arrowKeys } from "./dialogs.js";
import { icon } from "./icons.js";
import { townNow } from "./town.js";

export function mount(app, element) {
  const list = h("div", { class: "member-list" });
  element.append(list);
  arrowKeys(list);
  app.store.on(["members", "channel"], () => {
    const groups = app.store.get("members") ?? [];
    patch(list, groups.map((group) => section(app, group)), groups.length === 0 && h("p", { class: "empty" }, "Nobody is here."));
  });
}

function section(app, { name, members }) {
  return h("section", {},
    h("h3", {}, `${name} — ${members.length}`),
    h("ul", { class: "plain" }, members.map((member) => h("li", {}, line(app, member)))));
}

function line(app, member) {
  const timedOut = member.timed_out_until !== null && member.timed_out_until > townNow(app.store);
  const you = member.id === app.store.get("you")?.id;
  const said = [
    member.owner && "owner",
    member.bot && "bot",
    timedOut && "timed out",
    member.pending && "hasn't agreed to the rules",
    you && "you",
  ];
  const button = h("button", {
    class: "member",
    "aria-expanded": false,
    "data-key": member.id,
    "data-popover": "left",
    onclick: () => openMemberCard(app, button, member),
  },
  picture(member.avatar, 32, initials(member.display)),
  h("span", { class: "name", style: nameStyle(member.colour) }, member.display),
  h("span", { class: "said" }, said.filter(Boolean).map((word) => `, ${word}`).join("")),
  member.bot && h("span", { class: "tag", "aria-hidden": "true" }, "BOT"),
  h("span", { class: "member-marks" },
    member.owner && h("span", { class: "crown", title: "Owner" }, icon("crown", 16)),
    timedOut && h("span", { title: "Timed out" }, icon("hourglass", 16)),
    you && h("span", { class: "hint", "aria-hidden": "true" }, "you")));
  return button;
}
