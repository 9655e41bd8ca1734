// The list of channels of the open server: categories that fold, threads, who is in voice, what is unread.

import { arrowKeys } from "./dialogs.js";
import { h, initials, patch, picture, plural } from "./dom.js";
import { icon } from "./icons.js";
import { addressOf } from "./navigation.js";
import { openGuild } from "./town.js";

const ICONS = { text: "hash", news: "news", voice: "voice", stage: "stage", forum: "forum", thread: "thread", dm: "at" };
const SAID = {
  text: "text channel", news: "announcement channel", voice: "voice channel", stage: "stage", forum: "forum",
  thread: "thread", dm: "direct message",
};
const FOLDED = "folded";

/** The name of the icon for a channel. */
export const kindIcon = (channel) => ICONS[channel.kind] ?? "hash";

export function mount(app, element) {
  const folded = new Set(JSON.parse(sessionStorage.getItem(FOLDED) ?? "[]"));
  const head = h("header", { class: "channels-head" });
  const list = h("ul", { class: "channel-list" });
  element.append(head, list);
  arrowKeys(list, ".place, .category");

  function fold(category) {
    if (!folded.delete(category)) folded.add(category);
    sessionStorage.setItem(FOLDED, JSON.stringify([...folded]));
    draw();
  }

  function draw() {
    const places = app.store.get("places");
    const open = app.store.get("channel");
    if (!places) return;
    const guild = openGuild(app.store);
    patch(head, h("h2", { class: "name" }, guild?.name ?? "Direct messages"));
    if (guild) patch(list, guildLines(app, guild, open, folded, fold));
    else patch(list, places.direct.map((each) => directLine(each, open)), places.direct.length === 0 && empty());
  }

  app.store.on(["places", "channel", "you"], draw);
}

const empty = () => h("li", { class: "hint" }, "Nobody has written to you yet.");

function guildLines(app, guild, open, folded, fold) {
  const byId = new Map(guild.channels.map((channel) => [channel.id, channel]));
  const hidden = (channel) => {
    const parent = byId.get(channel.parent);
    const category = parent?.kind === "category" ? parent : byId.get(parent?.parent);
    return category && folded.has(category.id) && !channel.unread && channel.id !== open?.id;
  };
  const lines = [];
  for (const channel of guild.channels) {
    if (channel.kind === "category") lines.push(categoryLine(channel, !folded.has(channel.id), fold));
    else if (!hidden(channel)) lines.push(channelLine(app, channel, channel.id === open?.id), ...channel.voice.map(speaker));
  }
  return lines;
}

function categoryLine(category, unfolded, fold) {
  return h("li", {}, h("button", {
    class: "category",
    "aria-expanded": unfolded,
    "data-key": category.id,
    onclick: () => fold(category.id),
  }, icon("down", 12), h("span", { class: "name" }, category.name)));
}

function channelLine(app, channel, current) {
  const marks = [
    channel.kind === "thread" && "thread",
    channel.unread && "unread",
    channel.archived && "archived",
  ].filter(Boolean);
  const you = app.store.get("you")?.id;
  const speaks = channel.kind === "voice" || channel.kind === "stage";
  const inside = channel.voice.some((voice) => voice.person.id === you);
  return h("li", { class: marks.join(" ") },
    speaks && !inside ? joinButton(app, channel, current) : place(channel, current, `#${channel.name}`),
    speaks && !inside && h("a", {
      class: "icon-button chat-button",
      href: addressOf(channel.id),
      "aria-label": `Open the chat of ${channel.name}`,
      "data-key": `chat-${channel.id}`,
    }, icon("message", 16)));
}

function place(channel, current) {
  return h("a", {
    class: channel.unread ? "place unread" : "place",
    href: addressOf(channel.id),
    "aria-current": current && "page",
    "data-key": channel.id,
  }, inside(channel));
}

function joinButton(app, channel, current) {
  return h("button", {
    class: channel.unread ? "place unread" : "place",
    "aria-current": current && "page",
    "data-key": channel.id,
    title: "Join this voice channel",
    onclick: () => app.tell("join_voice", { channel: channel.id }),
  }, inside(channel));
}

function inside(channel) {
  const said = [`, ${SAID[channel.kind]}`];
  if (channel.locked) said.push("not for everybody");
  if (channel.nsfw) said.push("age-restricted");
  if (channel.archived) said.push("archived");
  if (channel.unread) said.push("unread");
  if (channel.mentions > 0) said.push(plural(channel.mentions, "mention"));
  return [
    icon(kindIcon(channel), channel.kind === "thread" ? 16 : 20),
    h("span", { class: "name" }, channel.name),
    channel.locked && h("span", { class: "lock", title: "Not for everybody" }, icon("lock", 12)),
    h("span", { class: "said" }, said.join(", ")),
    channel.mentions > 0 && h("span", { class: "badge", "aria-hidden": "true" }, channel.mentions),
  ];
}

function speaker({ person, muted, deafened }) {
  return h("li", { class: "speaker" },
    picture(person.avatar, 24, initials(person.display)),
    h("span", { class: "name" }, person.display),
    h("span", { class: "said" }, [" in voice", muted && "muted", deafened && "deafened"].filter(Boolean).join(", ")),
    h("span", { class: "voice-marks" }, muted && icon("muted", 16), deafened && icon("deaf", 16)));
}

function directLine(direct, open) {
  const { person } = direct;
  return h("li", { class: direct.unread ? "unread" : "" }, h("a", {
    class: direct.unread ? "place unread" : "place",
    href: addressOf(direct.id),
    "aria-current": direct.id === open?.id && "page",
    "data-key": direct.id,
  },
  picture(person.avatar, 32, initials(person.display)),
  h("span", { class: "name" }, person.display),
  person.bot && h("span", { class: "tag" }, "BOT"),
  h("span", { class: "said" }, direct.unread ? ", direct message, unread" : ", direct message"),
  direct.mentions > 0 && h("span", { class: "badge", "aria-hidden": "true" }, direct.mentions)));
}
