// Embeds: the framed answers of bots.

import { picturesOf } from "./attachments.js";
import { h } from "./dom.js";
import { dateAndTime, fullTime } from "./times.js";

const COLUMNS = 12;
const MOST_INLINE_FIELDS = 3;

/** One embed. `now` is the town's time. */
export function embed(app, shape, now) {
  const { colour, author, title_html: title, link, html, fields, thumbnail, image, footer, at } = shape;
  return h(
    "section",
    { class: "embed", "aria-label": "Embed", style: colour ? `--embed-colour:${colour}` : undefined },
    h(
      "div",
      { class: "embed-text" },
      author && h("div", { class: "embed-author" }, iconOf(author, 24), linked(author.link, author.text)),
      title && h("div", { class: "embed-title" }, linked(link, h("span", { class: "markup", html: title }))),
      html && h("div", { class: "embed-description markup", html }),
      fields.length > 0 && h("div", { class: "embed-fields" }, columns(fields).map(field)),
    ),
    thumbnail && h("div", { class: "embed-thumbnail" }, picturesOf([thumbnail], "The embed's small picture")),
    image && h("div", { class: "embed-image" }, picturesOf([image], "The embed's picture")),
    (footer || at) &&
      h(
        "div",
        { class: "embed-footer" },
        footer && iconOf(footer, 20),
        footer && h("span", {}, footer.text),
        footer && at && h("span", { "aria-hidden": "true" }, "•"),
        at && h("time", { datetime: new Date(at).toISOString(), title: fullTime(at) }, dateAndTime(at, now)),
      ),
  );
}

/** A link that leads out, if it is one of the web's; its text alone otherwise. */
export function linked(address, content) {
  if (!address || !/^https?:\/\//i.test(address)) return h("span", {}, content);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, content);
}

const iconOf = ({ icon }, size) =>
  icon && h("img", { class: "embed-icon", src: icon, alt: "", width: size, height: size });

/** Inline fields stand side by side, up to three in a line; each field gets its share of twelve columns. */
function columns(fields) {
  const placed = [];
  for (let start = 0; start < fields.length;) {
    let end = start + 1;
    while (fields[start].inline && fields[end]?.inline && end - start < MOST_INLINE_FIELDS) end++;
    for (const each of fields.slice(start, end)) placed.push([each, COLUMNS / (end - start)]);
    start = end;
  }
  return placed;
}

function field([{ name_html: name, html }, span]) {
  return h(
    "div",
    { class: "embed-field", style: `--span:${span}` },
    h("div", { class: "embed-field-name markup", html: name }),
    h("div", { class: "embed-field-value markup", html }),
  );
}
