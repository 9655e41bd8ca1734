// The pinned messages of a channel, in a panel beside the button that opens it.

import { attachments } from "./attachments.js";
import { openPopover } from "./dialogs.js";
import { h, initials, picture, plural } from "./dom.js";
import { embed } from "./embed.js";
import { icon } from "./icons.js";
import { enliven } from "./markup.js";
import { nameOf } from "./message.js";
import { dateAndTime, fullTime } from "./times.js";
import { townNow } from "./town.js";

/** Ask for the pins of the open channel and show them. */
export async function showPins(app, anchor) {
  const channel = app.store.get("channel")?.id;
  const messages = channel && (await app.tell("pins", { channel }));
  if (!messages) return;
  const count = messages.length > 0 ? plural(messages.length, "pinned message") : "Nothing is pinned here.";
  const title = h("h2", { class: "menu-head", tabindex: "-1", autofocus: true }, count);
  const panel = openPopover(anchor, {
    label: "Pinned messages",
    content: [
      title,
      h(
        "ul",
        { class: "pins plain" },
        messages.map((message) => h("li", {}, card(message))),
      ),
    ],
    kind: "pins-panel",
  });

  function card(message) {
    const { author, at, html, embeds, attachments: files } = message;
    const now = townNow(app.store);
    const unpin = async (event) => {
      const item = event.target.closest("li");
      await app.ask("pin", { channel, message: message.id, pinned: false }).then(
        () => item.remove(),
        (error) => app.store.set("toast", { kind: "error", title: error.message, text: "", detail: "" }),
      );
    };
    const text = h("div", { class: "markup", html });
    enliven(text);
    return h(
      "article",
      { class: "pin-card", "aria-label": `Pinned message of ${author.display}` },
      h(
        "header",
        {},
        picture(author.avatar, 24, initials(author.display)),
        nameOf(author),
        h("time", { class: "hint", title: fullTime(at) }, dateAndTime(at, now)),
      ),
      html && text,
      files.length > 0 && attachments(files),
      embeds.map((each) => embed(app, each, now)),
      h(
        "footer",
        {},
        h(
          "button",
          {
            class: "button small",
            onclick: () => {
              panel.hidePopover();
              app.jumpTo(message.id);
            },
          },
          "Jump",
        ),
        message.may.pin &&
          h(
            "button",
            { class: "icon-button", "aria-label": "Unpin", title: "Unpin", onclick: unpin },
            icon("close", 18),
          ),
      ),
    );
  }
}
