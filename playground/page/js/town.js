// Small questions about what was pushed: which server is open, what a channel is called, what time it is in town.

/** The open server, or undefined in a direct message. */
export function openGuild(store) {
  const id = store.get("channel")?.guild;
  return store.get("places")?.guilds.find((guild) => guild.id === id);
}

/** Every server with the bot in it, also those that this person isn't in: [{id, name}]. */
export function knownGuilds(store) {
  return (store.get("trouble")?.guilds ?? []).map(({ guild, name }) => ({ id: guild, name }));
}

/** The open server, else the first that one could be in. */
export function nearestGuild(store) {
  return openGuild(store) ?? store.get("places")?.guilds[0] ?? knownGuilds(store)[0];
}

/** Every place that one can open, with its server: [{channel, guild}]; categories are none. */
export function allChannels(store) {
  const places = store.get("places") ?? { guilds: [], direct: [] };
  return places.guilds.flatMap((guild) =>
    guild.channels.filter((channel) => channel.kind !== "category").map((channel) => ({ channel, guild })),
  );
}

/** The voice channel that a person is in, with its server; undefined if none. */
export function voiceOf(store, person) {
  return allChannels(store).find(({ channel }) => channel.voice.some((voice) => voice.person.id === person));
}

/** The town's time in milliseconds since 1970. It runs at real speed, `ahead_seconds` before the real one. */
export function townNow(store) {
  return Date.now() + (store.get("clock")?.ahead_seconds ?? 0) * 1000;
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** A length of time in its two largest units: "2 days 3 hours". */
export function duration(seconds) {
  let left = Math.round(seconds);
  const words = [];
  for (const [name, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) words.push(`${count.toLocaleString()} ${name}${count === 1 ? "" : "s"}`);
    else if (words.length > 0) break;
  }
  return words.slice(0, 2).join(" ") || "0 seconds";
}
