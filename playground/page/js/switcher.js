// Ctrl+K: go to any channel, or become anybody, by typing a part of the name.

import { openDialog } from "./dialogs.js";
import { h, picture, initials, replace } from "./dom.js";
import { icon } from "./icons.js";
import { kindIcon } from "./channels.js";
import { allChannels } from "./town.js";

const MOST_SHOWN = 40;

export function openSwitcher(app) {
  if (document.querySelector("dialog.switcher")) return;
  const everything = choices(app);
  let shown = [];
  let at = 0;

  const list = h("ul", { class: "menu-list", id: "switcher-list", role: "listbox", "aria-label": "Places and people" });
  const input = h("input", {
    class: "field",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    autofocus: true,
    placeholder: "Where to, or whom to be?",
    "aria-label": "Go to a channel or become a person",
    "aria-controls": "switcher-list",
    "aria-expanded": true,
    oninput: () => show(),
    onkeydown: keys,
  });
  const help = h("p", { class: "hint" },
    h("kbd", {}, "↑"), " ", h("kbd", {}, "↓"), " choose, ", h("kbd", {}, "Enter"), " go. Elsewhere: ",
    h("kbd", {}, "Alt"), "+", h("kbd", {}, "↑↓"), " next channel, ", h("kbd", {}, "Shift"), "+", h("kbd", {}, "Esc"), " mark read.");
  const dialog = openDialog({ title: "Go to…", content: [input, list, help], kind: "switcher" });

  function show() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    shown = everything
      .filter((choice) => words.every((word) => choice.search.includes(word)))
      .sort((one, two) => rank(two, words) - rank(one, words))
      .slice(0, MOST_SHOWN);
    at = 0;
    draw();
  }

  function draw() {
    replace(list, shown.map(line), shown.length === 0 && h("li", { class: "menu-head" }, "Nothing is called that."));
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    if (shown.length > 0) input.setAttribute("aria-activedescendant", `switch-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function line(choice, index) {
    return h("li", {
      id: `switch-${index}`,
      class: "menu-item",
      role: "option",
      "aria-selected": index === at,
      onclick: () => go(choice),
    }, choice.picture(), h("span", { class: "name" }, choice.label), h("span", { class: "detail" }, choice.detail));
  }

  function keys(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length);
      draw();
    } else if (event.key === "Enter" && !event.isComposing) {
      if (shown[at]) go(shown[at]);
    } else return;
    event.preventDefault();
  }

  function go(choice) {
    dialog.finish();
    choice.go();
  }

  show();
}

function choices(app) {
  const { store } = app;
  const you = store.get("you")?.id;
  const channels = allChannels(store).map(({ channel, guild }) => ({
    label: channel.name,
    detail: guild.name,
    search: plain(`#${channel.name} ${guild.name}`),
    weight: channel.mentions > 0 ? 2 : channel.unread ? 1 : 0,
    picture: () => icon(kindIcon(channel)),
    go: () => app.open(channel.id),
  }));
  const direct = (store.get("places")?.direct ?? []).map((each) => ({
    label: each.person.display,
    detail: "Direct messages",
    search: plain(`@${each.person.display} ${each.person.name} direct messages`),
    weight: each.unread ? 1 : 0,
    picture: () => picture(each.person.avatar, 20, initials(each.person.display)),
    go: () => app.open(each.id),
  }));
  const people = (store.get("people") ?? []).filter((person) => person.id !== you).map((person) => ({
    label: `Become ${person.display}`,
    detail: person.note,
    search: plain(`become @${person.name} ${person.display} ${person.note}`),
    weight: 0,
    picture: () => picture(person.avatar, 20, initials(person.display)),
    go: () => app.tell("become", { person: person.id }),
  }));
  return [...channels, ...direct, ...people];
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function rank(choice, words) {
  const starts = words.length > 0 && plain(choice.label).startsWith(words[0]) ? 10 : 0;
  return starts + choice.weight;
}
