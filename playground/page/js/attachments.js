// Files at a message, and pictures, which open large when they are pressed.

import { openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const UNITS = ["bytes", "KB", "MB", "GB"];

/** "1.4 MB" */
export function fileSize(bytes) {
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toLocaleString("en", { maximumFractionDigits: unit === 0 ? 0 : 1 })} ${UNITS[unit]}`;
}

/** All files of a message: the pictures together, then the others. */
export function attachments(files) {
  const pictures = files.filter((file) => file.image);
  return h(
    "div",
    { class: "attachments" },
    pictures.length > 0 && gallery(pictures.map(pictureOf)),
    files.filter((file) => !file.image).map(attachedFile),
  );
}

/** Pictures by their addresses, as embeds and galleries have them. */
export function picturesOf(addresses, name) {
  return gallery(addresses.map((url) => picture({ url, label: name, title: "" })));
}

function gallery(pictures) {
  return h("div", { class: "gallery", dataset: { count: Math.min(pictures.length, 4) } }, pictures);
}

function pictureOf(file) {
  const label = file.description || file.name;
  return veiled(file, picture({ url: file.url, label, title: file.name }));
}

function picture({ url, label, title }) {
  const image = h("img", { src: url, alt: label, loading: "lazy", draggable: "false" });
  image.addEventListener("error", () =>
    image.replaceWith(h("span", { class: "missing" }, "This picture can't be shown.")),
  );
  return h(
    "button",
    { class: "thumb", "aria-label": `Enlarge: ${label}`, title, onclick: () => enlarge(url, label) },
    image,
  );
}

function enlarge(url, label) {
  const image = h("img", { src: url, alt: label });
  const original = h(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer", autofocus: true },
    "Open the original",
  );
  openDialog({ title: label, content: [image, original], kind: "picture-dialog" });
}

/** A file that is no picture: its name, size, and a way to keep it. */
export function attachedFile(file) {
  const about = [fileSize(file.size), file.description].filter(Boolean).join(" · ");
  return veiled(
    file,
    h(
      "div",
      { class: "file" },
      h("span", { class: "file-icon" }, icon("file", 28)),
      h(
        "div",
        { class: "file-text" },
        h("a", { href: file.url, download: file.name }, file.name),
        h("span", { class: "hint" }, about),
      ),
      h(
        "a",
        { class: "icon-button", href: file.url, download: file.name, "aria-label": `Download ${file.name}` },
        icon("download"),
      ),
    ),
  );
}

/** Something that was sent as a spoiler shows itself when it is pressed. */
export function veiled({ spoiler }, content) {
  if (!spoiler) return content;
  content.inert = true;
  const holder = h("div", { class: "veiled" }, content);
  const lift = h("button", { class: "veil", onclick: reveal }, "Spoiler");
  lift.setAttribute("aria-label", "Spoiler: show it");
  function reveal() {
    content.inert = false;
    lift.remove();
    holder.classList.remove("veiled");
    holder.querySelector("button, a")?.focus();
  }
  holder.append(lift);
  return holder;
}
