// Changing a message where it stands: Enter saves, Esc leaves it as it was.

import { h } from "./dom.js";
import { fit, LONGEST_MESSAGE, lengthOf, tooLong } from "./writing.js";

let open = null; // {article, box}

/** Open the box in a message's entry, or close it (null). */
export function editInPlace(app, entry, follower) {
  follower.keep(() => {
    close();
    if (entry) show(app, entry);
  });
  if (entry) entry.article.scrollIntoView({ block: "nearest" });
}

function close() {
  open?.box.remove();
  open?.article.classList.remove("editing");
  open = null;
}

function show(app, { message, article }) {
  const field = h("textarea", { class: "field", rows: 1, "aria-label": "Edit the message", value: message.text });
  const trouble = h("p", { class: "error", role: "alert" });
  const cancel = () => {
    app.store.set("editing", null);
    document.querySelector("#composer textarea")?.focus();
  };
  const save = async () => {
    const text = field.value.trim();
    if (text === message.text) return cancel();
    if (lengthOf(text) > LONGEST_MESSAGE) return (trouble.textContent = tooLong(text));
    field.readOnly = true;
    try {
      if (text === "" && message.attachments.length === 0)
        throw new Error("A message can't be empty: delete it instead.");
      await app.ask("edit", { channel: message.channel, message: message.id, text });
      cancel();
    } catch (error) {
      field.readOnly = false;
      trouble.textContent = error.message;
      field.focus();
    }
    return undefined;
  };
  field.addEventListener("input", () => fit(field));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") cancel();
    else if (event.key === "Enter" && !event.shiftKey) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const box = h(
    "div",
    { class: "edit-box" },
    field,
    trouble,
    h(
      "p",
      { class: "hint" },
      "Esc to ",
      h("button", { class: "as-link", onclick: cancel }, "cancel"),
      " · Enter to ",
      h("button", { class: "as-link", onclick: save }, "save"),
    ),
  );
  article.querySelector(":scope > header").after(box);
  article.classList.add("editing");
  open = { article, box };
  fit(field);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
