// Files that were chosen, dropped or pasted and wait to be sent.

import { fileSize } from "./attachments.js";
import { h, plural, replace } from "./dom.js";
import { icon } from "./icons.js";

const LARGEST_BYTES = 25 * 1024 * 1024; // what the server takes

export class Uploads {
  /** The row of previews. */
  element = h("ul", { class: "uploads plain", "aria-label": "Files to send" });
  #app;
  #most;
  #changed;
  #files = []; // {file, preview}

  /** `most` files; `changed()` is called when there are others. */
  constructor(app, { most, changed }) {
    this.#app = app;
    this.#most = most;
    this.#changed = changed;
    this.#show();
  }

  names() {
    return this.#files.map(({ file }) => file.name);
  }

  /** Let the person choose files. */
  choose() {
    const input = h("input", { type: "file", multiple: this.#most > 1 });
    input.addEventListener("change", () => this.add(input.files));
    input.click();
  }

  add(files) {
    for (const file of files) {
      if (this.#files.length >= this.#most)
        return this.#refuse(`At most ${plural(this.#most, "file")} can be sent at once.`);
      if (file.size > LARGEST_BYTES) {
        this.#refuse(`${file.name} is too large: at most ${fileSize(LARGEST_BYTES)} can be sent.`);
        continue;
      }
      this.#files.push({ file, preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
    }
    this.#show();
    this.#changed();
    return undefined;
  }

  /** Give all to the server and return their ids. The files stay until `clear`: a refused message can be sent again. */
  async send() {
    return Promise.all(this.#files.map(({ file }) => upload(file)));
  }

  clear() {
    for (const { preview } of this.#files) if (preview) URL.revokeObjectURL(preview);
    this.#files = [];
    this.#show();
  }

  /** Take the files out and return them, to put them back with `put`. */
  take() {
    const files = this.#files;
    this.#files = [];
    this.#show();
    return files;
  }

  put(files) {
    this.#files = files;
    this.#show();
  }

  #remove(entry) {
    if (entry.preview) URL.revokeObjectURL(entry.preview);
    this.#files = this.#files.filter((each) => each !== entry);
    this.#show();
    this.#changed();
  }

  #refuse(title) {
    this.#show();
    this.#changed();
    this.#app.store.set("toast", { kind: "error", title, text: "", detail: "" });
  }

  #show() {
    this.element.hidden = this.#files.length === 0;
    replace(
      this.element,
      this.#files.map((entry) =>
        h(
          "li",
          { class: "upload" },
          h(
            "div",
            { class: "upload-preview" },
            entry.preview ? h("img", { src: entry.preview, alt: "" }) : icon("file", 40),
          ),
          h("span", { class: "upload-name", title: entry.file.name }, entry.file.name),
          h("span", { class: "hint" }, fileSize(entry.file.size)),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": `Remove ${entry.file.name}`,
              title: "Remove",
              onclick: () => this.#remove(entry),
            },
            icon("trash", 18),
          ),
        ),
      ),
    );
  }
}

async function upload(file) {
  const body = new FormData();
  body.append("file", file, file.name);
  let answer;
  try {
    answer = await fetch("upload", { method: "POST", body });
  } catch {
    throw new Error("The town can't be reached just now.");
  }
  if (!answer.ok)
    throw new Error(answer.status === 413 ? `${file.name} is too large.` : `${file.name} couldn't be uploaded.`);
  return (await answer.json()).id;
}
