// "Ann is typing…": whoever was said to be typing, for ten seconds or until their message is there.

import { h, replace } from "./dom.js";

const SHOWN_MS = 10_000;
const NAMES_SHOWN = 3;

/** Make the line. */
export function typingLine(app) {
  const line = h("div", { class: "typing", role: "status" });
  const typing = new Map(); // person id → {name, channel, until}

  app.store.on("typing", ({ channel, person }) => {
    if (person.id === app.store.get("you")?.id) return;
    const before = typing.get(person.id);
    if (before) clearTimeout(before.timer);
    typing.set(person.id, { name: person.display, channel, timer: setTimeout(() => stop(person.id), SHOWN_MS) });
    show();
  });
  app.store.on("message", ({ author, channel }) => typing.get(author.id)?.channel === channel && stop(author.id));
  app.store.on(["channel", "you"], () => show());

  function stop(id) {
    clearTimeout(typing.get(id)?.timer);
    typing.delete(id);
    show();
  }

  function show() {
    const here = app.store.get("channel")?.id;
    const me = app.store.get("you")?.id;
    const names = [...typing].filter(([id, { channel }]) => channel === here && id !== me).map(([, { name }]) => name);
    const words =
      names.length > NAMES_SHOWN
        ? "Several people are typing…"
        : `${list(names)} ${names.length === 1 ? "is" : "are"} typing…`;
    if (names.length === 0) replace(line);
    else if (line.lastChild?.textContent !== words)
      replace(line, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, words));
  }

  return line;
}

const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join(""));
