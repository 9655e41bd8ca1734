// Which channel is open: the address says it (`#/c/<id>`), so that back and forward work and a link can be kept.
// What a tab was and where it looked is remembered for the time that it is open: two tabs can be two people.

import { allChannels, openGuild } from "./town.js";

const REMEMBERED = "place";
const LAST_CHANNELS = "channels";
const READ_EVERY_MS = 500;
const OPENED_WITHIN_MS = 1500;

/** Who this tab was and what it showed, for `hello`. */
export function remembered() {
  const place = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}");
  return { ...place, ...(addressed() && { channel: addressed() }) };
}

/** The address of a channel. */
export const addressOf = (channel) => `#/c/${channel}`;

const addressed = () => /^#\/c\/(\d{1,20})$/.exec(location.hash)?.[1];

/** Add `app.open(channel)` and `app.openGuild(guild)`, both of ids; keep address, title and memory right. */
export function mount(app) {
  const { store } = app;
  let wanted = null;

  app.open = async (channel) => {
    if (channel === store.get("channel")?.id) return;
    wanted = channel;
    const done = await app.tell("open", { channel });
    // The push that shows it comes a moment later; until then another push of the old channel changes no address.
    setTimeout(() => {
      if (wanted !== channel) return;
      wanted = null;
      showAddress();
    }, done === undefined ? 0 : OPENED_WITHIN_MS);
  };

  app.openGuild = (id) => {
    const guild = store.get("places").guilds.find((each) => each.id === id);
    const last = JSON.parse(sessionStorage.getItem(LAST_CHANNELS) ?? "{}")[id];
    const readable = guild.channels.filter(({ kind }) => kind !== "category");
    const found = readable.find((channel) => channel.id === last) ?? readable.find(({ kind }) => kind === "text") ?? readable[0];
    if (found) app.open(found.id);
  };

  function showAddress() {
    const channel = store.get("channel");
    if (!channel || channel.id === addressed()) return;
    const first = !addressed();
    history[first ? "replaceState" : "pushState"](null, "", addressOf(channel.id));
  }

  window.addEventListener("hashchange", () => {
    if (addressed()) app.open(addressed());
    else showAddress();
  });

  store.on("channel", (channel) => {
    remember({ channel: channel?.id });
    if (channel?.guild) {
      const last = JSON.parse(sessionStorage.getItem(LAST_CHANNELS) ?? "{}");
      sessionStorage.setItem(LAST_CHANNELS, JSON.stringify({ ...last, [channel.guild]: channel.id }));
    }
    if (wanted !== null && channel?.id !== wanted) return;
    wanted = null;
    showAddress();
  });
  store.on("you", (you) => remember({ person: you.id }));
  store.on(["channel", "places", "you"], () => (document.title = title(store)));
  readWhatIsSeen(app);
}

function remember(change) {
  const place = { ...JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}"), ...change };
  sessionStorage.setItem(REMEMBERED, JSON.stringify(place));
}

/** "(2) #general as Ann · Hearth Town" */
function title(store) {
  const channel = store.get("channel");
  const places = store.get("places");
  const all = [...(places?.guilds ?? []), ...(places?.direct ?? [])];
  const mentions = all.reduce((sum, place) => sum + place.mentions, 0);
  const mark = mentions > 0 ? `(${mentions}) ` : all.some((place) => place.unread) ? "• " : "";
  if (!channel) return `${mark}Hearth's playground`;
  const name = channel.kind === "dm" ? `@${channel.name}` : `#${channel.name}`;
  const where = openGuild(store)?.name ?? "Hearth's playground";
  return `${mark}${name} as ${store.get("you")?.display ?? "nobody"} · ${where}`;
}

/** What comes into the open channel is read while one looks at the tab. */
function readWhatIsSeen(app) {
  const { store } = app;
  let waiting = false;
  const look = () => {
    const id = store.get("channel")?.id;
    if (waiting || !id || document.visibilityState !== "visible" || !document.hasFocus()) return;
    const here = [...(store.get("places")?.direct ?? []), ...allChannels(store).map(({ channel }) => channel)];
    if (!here.some((each) => each.id === id && (each.unread || each.mentions > 0))) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      look();
    }, READ_EVERY_MS);
    app.ask("mark_read", { channel: id }).catch(() => {});
  };
  store.on(["places", "channel"], look);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
}
