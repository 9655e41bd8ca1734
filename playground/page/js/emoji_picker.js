// Choosing an emoji: the server's own ones and the usual characters, found by name.

import { openPopover } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { emoji } from "./emoji.js";
import { EMOJI } from "./emoji_list.js";

const OWN = /^<a?:(\w+):(\d+)>$/;

/** Open the picker; `picked({key, insert})` hears what a reaction and what a text calls the chosen one. */
export function pickEmoji(app, anchor, picked) {
  const search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Find an emoji",
    "aria-label": "Find an emoji",
    autofocus: true,
  });
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const panel = openPopover(anchor, { label: "Emoji", content: [search, grid], kind: "emoji-picker" });
  if (!panel) return;
  let all = EMOJI;
  const choose = (chosen) => {
    panel.hidePopover();
    picked(chosen);
  };
  const show = () => {
    const wanted = search.value.trim().toLowerCase().replaceAll(" ", "_");
    const found = all.filter(({ names }) => names.includes(wanted));
    replace(
      grid,
      found.length > 0 ? found.map((each) => cell(each, choose)) : h("p", { class: "hint" }, "No emoji has that name."),
    );
  };
  search.addEventListener("input", show);
  panel.addEventListener("keydown", (event) => walk(event, search, grid));
  show();
  ownEmoji(app).then((own) => {
    all = [...own, ...EMOJI];
    if (own.length > 0 && panel.isConnected) show();
  });
}

function cell(each, choose) {
  const { name, url, names } = each;
  return h(
    "button",
    {
      class: "emoji-cell",
      "aria-label": names.split(" ")[0],
      title: `:${names.split(" ")[0]}:`,
      onclick: () => choose(each),
    },
    emoji({ name, url }, 24),
  );
}

/** The open server's own emoji, as the composer would complete them. */
async function ownEmoji(app) {
  const channel = app.store.get("channel")?.id;
  const answer = await app.ask("complete", { channel, text: ":", cursor: 1 }).catch(() => null);
  return (answer?.items ?? []).flatMap(({ insert, avatar }) => {
    const own = OWN.exec(insert.trim());
    return own && avatar
      ? [{ name: own[1], names: own[1].toLowerCase(), url: avatar, key: `${own[1]}:${own[2]}`, insert: insert.trim() }]
      : [];
  });
}

/** Arrow keys go through the grid; Enter in the search field takes the first that was found. */
function walk(event, search, grid) {
  const cells = [...grid.querySelectorAll("button")];
  const at = cells.indexOf(document.activeElement);
  if (cells.length === 0) return;
  if (event.target === search) {
    if (event.key === "ArrowDown") cells[0].focus();
    else if (event.key === "Enter") cells[0].click();
    else return;
  } else {
    const wide = cells.filter((each) => each.offsetTop === cells[0].offsetTop).length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wide, ArrowDown: wide }[event.key];
    if (step === undefined) return;
    (cells[at + step] ?? (at + step < 0 ? search : cells.at(-1))).focus();
  }
  event.preventDefault();
}
