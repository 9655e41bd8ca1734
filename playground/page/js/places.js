// Where one can go: the rail of servers, beside it the channels, and below them who one is and where one speaks.

import * as channels from "./channels.js";
import { arrowKeys } from "./dialogs.js";
import { h, initials, patch, picture, plural } from "./dom.js";
import { icon } from "./icons.js";
import { addressOf } from "./navigation.js";
import { voiceOf } from "./town.js";

export function mount(app, { rail, channels: column }) {
  const list = h("ul", {});
  rail.append(list);
  arrowKeys(list);
  channels.mount(app, column);
  const voice = h("div", {});
  const me = h("div", {});
  column.append(voice, me);

  app.store.on(["places", "channel"], () => patch(list, servers(app)));
  app.store.on(["places", "you"], () => {
    patch(voice, myVoice(app));
    patch(me, myLine(app));
  });
}

function servers(app) {
  const places = app.store.get("places");
  const open = app.store.get("channel");
  if (!places) return [];
  return [
    directTile(app, places.direct, open),
    h("li", { class: "gap", role: "presentation" }),
    places.guilds.map((guild) => serverTile(app, guild, guild.id === open?.guild)),
  ];
}

function directTile(app, direct, open) {
  const current = open?.kind === "dm";
  const mentions = direct.reduce((sum, each) => sum + each.mentions, 0);
  const unread = direct.some((each) => each.unread);
  return tile({ name: "Direct messages", current, unread, mentions, key: "direct" },
    () => openDirect(app), h("span", { class: "direct" }, icon("message", 24)));
}

async function openDirect(app) {
  const [first] = app.store.get("places").direct;
  const channel = first?.id ?? (await app.tell("direct"))?.channel;
  if (channel) app.open(channel);
}

function serverTile(app, guild, current) {
  const mark = { name: guild.name, current, unread: guild.unread, mentions: guild.mentions, key: guild.id };
  return tile(mark, () => app.openGuild(guild.id), picture(guild.icon, 48, guild.initials));
}

function tile({ name, current, unread, mentions, key }, go, face) {
  const said = [name, unread && "unread", mentions > 0 && plural(mentions, "mention")].filter(Boolean).join(", ");
  return h("li", { class: [current && "current", unread && "unread"].filter(Boolean).join(" ") },
    h("button", {
      class: "server",
      title: name,
      "aria-label": said,
      "aria-current": current && "true",
      "data-key": key,
      onclick: go,
    }, face, mentions > 0 && h("span", { class: "badge", "aria-hidden": "true" }, mentions)));
}

function myVoice(app) {
  const you = app.store.get("you");
  const found = you && voiceOf(app.store, you.id);
  if (!found) return null;
  return h("div", { class: "my-voice", role: "group", "aria-label": "Voice" },
    h("span", { class: "where" },
      h("strong", {}, "Voice connected"),
      h("a", { class: "hint", href: addressOf(found.channel.id) }, `${found.channel.name} / ${found.guild.name}`)),
    h("button", {
      class: "icon-button",
      "aria-label": "Leave voice",
      title: "Leave voice",
      "data-key": "leave-voice",
      onclick: () => app.tell("leave_voice"),
    }, icon("door")));
}

function myLine(app) {
  const you = app.store.get("you");
  if (!you) return null;
  const voice = voiceOf(app.store, you.id)?.channel.voice.find((each) => each.person.id === you.id);
  const state = { muted: voice?.muted ?? false, deafened: voice?.deafened ?? false };
  const toggle = (name, on, off, label) => h("button", {
    class: "icon-button",
    "aria-label": label,
    "aria-pressed": state[name],
    title: label,
    "data-key": name,
    onclick: () => app.tell("voice_state", { ...state, [name]: !state[name] }),
  }, icon(state[name] ? on : off));
  return h("div", { class: "me", role: "group", "aria-label": "You" },
    picture(you.avatar, 32, initials(you.display)),
    h("span", { class: "who" }, h("span", { class: "name" }, you.display), h("span", { class: "hint" }, `@${you.name}`)),
    voice && [toggle("muted", "muted", "mic", "Mute"), toggle("deafened", "deaf", "ear", "Deafen")]);
}
