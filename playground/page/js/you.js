// "You are: Ann ▾": whom one can be, everybody by name, and what one does as the town's maker.

import { arrowKeys, openPopover } from "./dialogs.js";
import { h, initials, patch, picture, replace } from "./dom.js";
import { icon } from "./icons.js";
import { allChannels, nearestGuild, voiceOf } from "./town.js";

export function mount(app, element) {
  const button = h("button", {
    class: "play-button boxed",
    "aria-expanded": false,
    "aria-haspopup": "dialog",
    title: "Be somebody else",
    onclick: () => open(app, button),
  });
  element.append(button);
  app.store.on("you", (you) => {
    button.setAttribute("aria-label", `You are: ${you.display}`);
    replace(button,
      h("span", { class: "you-words" }, "You are:"),
      picture(you.avatar, 22, initials(you.display)),
      h("strong", { class: "name" }, you.display),
      icon("down", 14));
  });
}

function open(app, anchor) {
  const search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Find a person",
    "aria-label": "Find a person",
    autocomplete: "off",
    spellcheck: "false",
    autofocus: matchMedia("(pointer: fine)").matches,
    oninput: () => draw(),
  });
  const list = h("div", { class: "people-list", tabindex: "-1" });
  const more = h("div", { class: "you-more" });
  const panel = openPopover(anchor, { label: "Who you are", kind: "people", content: [search, list, more] });
  if (!panel) return;

  const become = (person) => {
    panel.hidePopover();
    if (person !== app.store.get("you").id) app.tell("become", { person });
  };

  function draw() {
    const guild = nearestGuild(app.store);
    const words = search.value.trim().toLocaleLowerCase();
    const people = (app.store.get("people") ?? []).filter((person) =>
      `${person.display} @${person.name} ${person.note}`.toLocaleLowerCase().includes(words));
    const here = people.filter((person) => !guild || person.guilds.includes(guild.id));
    const elsewhere = people.filter((person) => !here.includes(person));
    patch(list,
      section(app, guild ? `In ${guild.name}` : "Everybody", here, become),
      section(app, guild ? `Not in ${guild.name}` : "", elsewhere, become, guild),
      people.length === 0 && h("p", { class: "hint" }, "Nobody is called that."));
  }

  arrowKeys(panel, ".people-list button");
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter" && search.value) first?.click();
    else return;
    event.preventDefault();
  });
  replace(more, moreOf(app, become));
  const stops = [
    app.store.on("people", draw),
    app.store.on(["you", "places"], () => {
      draw();
      if (!more.querySelector("input:focus")) { // somebody types there
        const unfolded = more.querySelector("details")?.open ?? false;
        replace(more, moreOf(app, become, unfolded));
      }
    }),
  ];
  panel.addEventListener("toggle", (event) => event.newState === "closed" && stops.forEach((stop) => stop()));
}

function section(app, title, people, become, guild) {
  if (people.length === 0) return null;
  return h("section", {},
    h("h3", { class: "menu-head" }, title),
    h("ul", { class: "menu-list" }, people.map((person) => h("li", {},
      line(app, person, become),
      guild && h("button", {
        class: "button small",
        "aria-label": `Let ${person.display} join ${guild.name}`,
        "data-key": `join-${person.id}`,
        onclick: () => app.tell("rejoin", { person: person.id, guild: guild.id }),
      }, "Join")))));
}

function line(app, person, become) {
  const current = person.id === app.store.get("you")?.id;
  const owns = person.owns.length > 0;
  return h("button", {
    class: "menu-item",
    "aria-current": current && "true",
    "data-key": person.id,
    onclick: () => become(person.id),
  },
  picture(person.avatar, 28, initials(person.display)),
  h("span", { class: "name" }, person.display),
  owns && h("span", { class: "crown", title: "Owns a server" }, icon("crown", 14)),
  h("span", { class: "detail" }, current ? "you" : person.note || `@${person.name}`));
}

function moreOf(app, become, unfolded = false) {
  const guild = nearestGuild(app.store);
  const you = app.store.get("you");
  const owner = app.store.get("people")?.find((person) => guild && person.owns.includes(guild.id));
  return [
    owner && owner.id !== you.id && h("button", {
      class: "button small",
      "data-key": "owner",
      onclick: () => become(owner.id),
    }, icon("crown", 16), `Be the owner of ${guild.name}`),
    guild && h("details", { open: unfolded },
      h("summary", {}, "Add a person, change your nickname, join voice"),
      h("div", { class: "fields" },
        addPerson(app, guild, become),
        you.guilds.includes(guild.id) && nickname(app, guild, you),
        voice(app, guild, you))),
  ];
}

/** A field with a button that does something with what is typed. */
function oneField({ label, placeholder, button, value = "", required = true, run }) {
  const input = h("input", { class: "field", "aria-label": label, placeholder, maxlength: 32, value, autocomplete: "off" });
  return h("form", {
    class: "with-button",
    onsubmit: async (event) => {
      event.preventDefault();
      if (required && !input.value.trim()) input.focus();
      else if ((await run(input.value.trim())) !== undefined && required) input.value = "";
    },
  }, input, h("button", { class: "button small" }, button));
}

function addPerson(app, guild, become) {
  return oneField({
    label: `Name of somebody new in ${guild.name}`,
    placeholder: "Somebody new",
    button: "Add a person",
    run: async (name) => {
      const added = await app.tell("add_person", { name, guild: guild.id });
      if (added) become(added.person);
      return added;
    },
  });
}

function nickname(app, guild, you) {
  return oneField({
    label: `Your nickname in ${guild.name}`,
    placeholder: "Your nickname here",
    button: "Set nickname",
    required: false,
    run: (nick) => app.tell("set_nick", { person: you.id, guild: guild.id, nick }),
  });
}

function voice(app, guild, you) {
  const channels = allChannels(app.store).filter((each) => each.guild.id === guild.id && /voice|stage/.test(each.channel.kind));
  const now = voiceOf(app.store, you.id);
  if (now) {
    return h("button", { class: "button small", "data-key": "voice", onclick: () => app.tell("leave_voice") },
      icon("door", 16), `Leave voice (${now.channel.name})`);
  }
  if (channels.length === 0) return null;
  return h("select", {
    class: "field",
    "aria-label": "Join a voice channel",
    "data-key": "voice",
    onchange: (event) => event.target.value && app.tell("join_voice", { channel: event.target.value }),
  }, h("option", { value: "" }, "Join voice…"), channels.map(({ channel }) => h("option", { value: channel.id }, channel.name)));
}
