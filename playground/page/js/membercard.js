// The card of a member: who that is here, and what one can do as the town's maker: be them, change their roles,
// let them leave.

import { nameStyle } from "./colours.js";
import { confirm, openPopover } from "./dialogs.js";
import { h, initials, picture, replace } from "./dom.js";
import { icon } from "./icons.js";
import { openGuild, townNow } from "./town.js";

/** Show the card beside the line of the list that was pressed; it follows what is pushed while it is open. */
export function openMemberCard(app, anchor, member) {
  const card = h("div", { class: "member-card" });
  const panel = openPopover(anchor, { label: `About ${member.display}`, content: card });
  if (!panel) return;
  const draw = () => {
    const all = (app.store.get("members") ?? []).flatMap((group) => group.members);
    const now = all.find(({ id }) => id === member.id);
    if (now) replace(card, content(app, now, panel));
    else panel.hidePopover();
  };
  const stop = app.store.on(["members", "places"], draw);
  panel.addEventListener("toggle", (event) => event.newState === "closed" && stop());
  card.querySelector("button")?.focus();
}

function content(app, member, panel) {
  const guild = openGuild(app.store);
  const alike = (app.store.get("people") ?? []).find(({ id }) => id === member.id);
  return [
    h("header", {},
      picture(member.avatar, 64, initials(member.display)),
      h("div", {},
        h("h3", { style: nameStyle(member.colour) }, member.display),
        h("p", { class: "hint" }, `@${member.name}`, member.bot && " · a bot", member.owner && " · owner"),
        alike?.note && h("p", { class: "hint" }, alike.note))),
    h("div", { class: "card-actions" },
      h("button", { class: "button small", "data-key": "mention", onclick: () => mention(app, member, panel) },
        icon("at", 16), "Mention"),
      alike && member.id !== app.store.get("you")?.id && h("button", {
        class: "button small primary",
        "data-key": "become",
        onclick: () => {
          panel.hidePopover();
          app.tell("become", { person: member.id });
        },
      }, icon("people", 16), `Become ${member.display}`)),
    facts(app, member),
    guild && roles(app, guild, member, alike),
    guild && alike && !member.owner && h("button", {
      class: "button small danger",
      "data-key": "leave",
      onclick: () => leave(app, guild, member, panel),
    }, icon("door", 16), "Make them leave"),
  ];
}

function facts(app, member) {
  const day = (moment) => new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const timedOut = member.timed_out_until !== null && member.timed_out_until > townNow(app.store);
  return h("ul", { class: "plain hint" },
    member.nick && h("li", {}, `Nickname here: ${member.nick}`),
    member.joined !== null && h("li", {}, `Joined ${day(member.joined)}`),
    timedOut && h("li", {}, `Timed out until ${day(member.timed_out_until)}`),
    member.pending && h("li", {}, "Hasn't agreed to the rules yet"),
    h("li", {}, "Id ", h("code", {}, member.id)));
}

function roles(app, guild, member, changeable) {
  const held = new Set(member.roles.map(({ id }) => id));
  const set = (role, on) => app.tell("set_role", { person: member.id, guild: guild.id, role, on });
  const left = guild.roles.filter((role) => !held.has(role.id) && !role.managed);
  return h("section", {},
    h("h4", {}, "Roles"),
    h("ul", { class: "role-list" }, member.roles.map((role) => {
      const removable = changeable && !role.managed;
      return h("li", { class: removable ? "role held" : "role" },
        h("span", { class: "role-dot", style: role.colour ? `--role:${role.colour}` : undefined }),
        role.name,
        removable && h("button", {
          class: "remove",
          "aria-label": `Take ${role.name} away`,
          title: "Take away",
          "data-key": `role-${role.id}`,
          onclick: () => set(role.id, false),
        }, icon("close", 12)));
    }), member.roles.length === 0 && h("li", { class: "hint" }, "None")),
    changeable && left.length > 0 && h("select", {
      class: "field",
      style: "margin-top:8px",
      "aria-label": `Give ${member.display} a role`,
      "data-key": "give",
      onchange: (event) => event.target.value && set(event.target.value, true),
    }, h("option", { value: "" }, "Give a role…"), left.map((role) => h("option", { value: role.id }, role.name))));
}

function mention(app, member, panel) {
  panel.hidePopover();
  app.closeDrawers();
  const typed = document.querySelector("#composer textarea")?.value ?? "";
  const text = `${typed}${/\S$/.test(typed) ? " " : ""}<@${member.id}> `;
  app.store.set("draft", { channel: app.store.get("channel").id, text });
}

async function leave(app, guild, member, panel) {
  panel.hidePopover();
  const sentence = `${member.display} leaves ${guild.name} by themselves. 'You are' can bring them back.`;
  if (await confirm(`Make ${member.display} leave?`, sentence, "Make them leave")) {
    app.tell("leave", { person: member.id, guild: guild.id });
  }
}
