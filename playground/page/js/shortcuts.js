// Keys that work everywhere: Alt+Up/Down for the next channel, Ctrl+K for any place or person, Shift+Esc for "read".

import { openSwitcher } from "./switcher.js";
import { openGuild } from "./town.js";

export function mount(app) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.altKey && !event.ctrlKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      step(app, event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      openSwitcher(app);
    } else if (event.key === "Escape" && event.shiftKey) {
      markRead(app);
    } else {
      return;
    }
    event.preventDefault();
  });
}

/** Open the channel above or below, or with `unread` the next unread one. */
function step(app, by, unread) {
  const here = app.store.get("channel")?.id;
  const guild = openGuild(app.store);
  const all = guild ? guild.channels.filter((channel) => channel.kind !== "category") : app.store.get("places").direct;
  const from = all.findIndex((channel) => channel.id === here);
  for (let tried = 1; tried <= all.length; tried++) {
    const channel = all[(from + by * tried + all.length * tried) % all.length];
    if (channel.id === here || (unread && !channel.unread)) continue;
    app.open(channel.id);
    return;
  }
}

/** Take everything in the open server as read. */
function markRead(app) {
  const guild = openGuild(app.store);
  const places = guild ? guild.channels : app.store.get("places")?.direct ?? [];
  for (const channel of places.filter((each) => each.unread || each.mentions)) {
    app.ask("mark_read", { channel: channel.id }).catch(() => {});
  }
}
