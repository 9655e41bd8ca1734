// One emoji: Discord's own are pictures, all others characters.

import { h } from "./dom.js";

/** An emoji in a line of text or on a control. */
export function emoji({ name, url }, size = 20) {
  if (url) {
    return h("img", {
      class: "emoji",
      src: url,
      alt: `:${name}:`,
      title: `:${name}:`,
      draggable: "false",
      style: `--size:${size}px`,
    });
  }
  return h("span", { class: "emoji", style: `--size:${size}px` }, name);
}
