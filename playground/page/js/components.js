// What a message can be made of besides text: buttons and selects, and the layouts around them.

import { attachedFile, picturesOf, veiled } from "./attachments.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { openModal } from "./modal.js";
import { buildSelect } from "./select.js";

const FAILED = "This interaction failed"; // Discord's words
const LEADS_OUT = /^(https?|discord):\/\//i;

/** All components of a message; null where there are none. */
export function components(app, message) {
  if (message.components.length === 0) return null;
  const here = { app, message, root: h("div", { class: "components" }) };
  here.root.append(...message.components.map((component) => build(here, component)));
  return here.root;
}

const build = (here, component) => (BUILDERS[component.type] ?? unknown)(here, component);
const all = (here, items) => (items ?? []).map((item) => build(here, item));

const BUILDERS = {
  button,
  select,
  row: (here, { items }) => h("div", { class: "row" }, all(here, items)),
  section: (here, { items, accessory }) =>
    h(
      "div",
      { class: "section" },
      h("div", { class: "section-items" }, all(here, items)),
      accessory && h("div", { class: "accessory" }, build(here, accessory)),
    ),
  container: (here, { items, colour, spoiler }) =>
    veiled(
      { spoiler },
      h("div", { class: "container", style: colour ? `--embed-colour:${colour}` : undefined }, all(here, items)),
    ),
  text: (_here, { html }) => h("div", { class: "markup", html }),
  thumbnail: (_here, { url, spoiler }) =>
    h("div", { class: "embed-thumbnail" }, url && veiled({ spoiler }, picturesOf([url], "A small picture"))),
  gallery: (_here, { pictures }) => picturesOf(pictures ?? [], "A picture"),
  file: (_here, { file }) => attachedFile(file),
  separator: (_here, { line }) => h("div", { class: line === false ? "separator" : "separator line" }),
};

function unknown(_here, { type }) {
  return h("p", { class: "hint" }, `The playground can't show a '${type}'.`);
}

function button(here, { style, label, emoji: shown, custom_id: customId, link, disabled }) {
  const content = [shown && emoji(shown, 18), label && h("span", {}, label)];
  const named = label ? undefined : (shown?.name ?? "Button without a label");
  if (style === "link") return linkButton({ link, disabled, named }, content);
  const element = h(
    "button",
    { class: `button ${style}`, disabled, "aria-label": named, dataset: { key: `button-${customId}` } },
    content,
  );
  element.addEventListener("click", () => act(here, element, "click", { custom_id: customId }));
  return element;
}

function linkButton({ link, disabled, named }, content) {
  content.push(icon("external", 16));
  if (disabled || !LEADS_OUT.test(link ?? ""))
    return h("button", { class: "button link", disabled: true, "aria-label": named }, content);
  return h(
    "a",
    { class: "button link", href: link, target: "_blank", rel: "noopener noreferrer", "aria-label": named },
    content,
  );
}

function select(here, shape) {
  const { message } = here;
  const element = buildSelect(shape, {
    key: `${message.id}/${shape.custom_id}`,
    label: "",
    chose: (values) => act(here, element, "choose", { custom_id: shape.custom_id, values }),
  });
  return element;
}

/** Press or choose: shows that it is on its way, and says so if the bot says nothing. One at a time a message. */
async function act({ app, message, root }, control, verb, fields) {
  if (root.hasAttribute("aria-busy")) return;
  root.setAttribute("aria-busy", "true");
  control.classList.add("pending");
  setFailure(message.id, null);
  try {
    const { answered, modal } = await app.ask(verb, { channel: message.channel, message: message.id, ...fields });
    if (modal) openModal(app, modal);
    else if (!answered) setFailure(message.id, FAILED);
  } catch (error) {
    setFailure(message.id, error.message);
  } finally {
    root.removeAttribute("aria-busy");
    control.classList.remove("pending");
  }
}

/** Say under a message what went wrong with it; null takes that back. */
function setFailure(id, sentence) {
  const article = document.getElementById(`message-${id}`);
  article?.querySelector(":scope > .failure")?.remove();
  if (sentence) article?.append(h("p", { class: "failure", role: "alert" }, icon("warning", 16), sentence));
}
