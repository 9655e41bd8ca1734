// The controls of a modal. Each is {id, element, answer(), value(), problem()}: `answer` is what is filled in, `value`
// what is sent (files are uploaded for it), `problem` why it can't be sent, or null.

import { h } from "./dom.js";
import { buildSelect } from "./select.js";
import { Uploads } from "./uploads.js";

let count = 0;

/** Make the control of a `shapes.Question`; `changed` is called whenever its answer is another. */
export function buildQuestion(app, question, changed) {
  const id = `question-${++count}`;
  const control = KINDS[question.kind]({ app, question, id, changed });
  const grouped = ["radio", "checkboxes", "file"].includes(question.kind);
  const title = [question.label, question.required && h("span", { class: "required", "aria-hidden": "true" }, " *")];
  const description = question.description && h("p", { class: "hint", id: `${id}-description` }, question.description);
  const element = grouped
    ? h(
        "fieldset",
        { class: "question", "aria-describedby": description ? `${id}-description` : undefined },
        h("legend", { class: "label" }, title),
        description,
        control.element,
      )
    : h(
        "div",
        { class: "question" },
        question.kind !== "checkbox" && h("label", { class: "label", for: id }, title),
        description,
        control.element,
      );
  return { id: question.custom_id, problem: () => null, value: async () => control.answer(), ...control, element };
}

const KINDS = {
  short: (given) => text(given, h("input", { type: "text" })),
  paragraph: (given) => text(given, h("textarea", { rows: 4 })),
  select,
  file,
  radio: (given) => choices(given, "radio"),
  checkboxes: (given) => choices(given, "checkbox"),
  checkbox: single,
};

function text({ question, id, changed }, field) {
  const { min, max, required, placeholder } = question;
  const counter = h("span", { class: "counter", "aria-hidden": "true" });
  const said = h("span", { class: "said", role: "status" });
  Object.assign(field, { id, className: "field", value: question.value, placeholder, required, autocomplete: "off" });
  if (question.description) field.setAttribute("aria-describedby", `${id}-description`);
  // Counted as Discord counts, by characters; `maxlength` counts in halves of some.
  const length = () => [...field.value].length;

  function problem() {
    if (length() === 0) return required ? "missing" : null;
    if (length() < min) return `At least ${min} characters.`;
    return max > 0 && length() > max ? `At most ${max} characters.` : null;
  }

  function show() {
    const wrong = length() > 0 ? problem() : null;
    counter.textContent = max > 0 && max <= 4000 ? `${length()} / ${max}` : "";
    counter.classList.toggle("wrong", wrong !== null);
    field.setAttribute("aria-invalid", String(wrong !== null));
    said.textContent = wrong ?? "";
    counter.title = wrong ?? "";
  }

  field.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  return { element: h("div", { class: "question-text" }, field, counter, said), answer: () => field.value, problem };
}

/** Why this many chosen ones are not right, or null. */
function countProblem({ required, min, max }, chosen) {
  if (chosen === 0) return required ? "missing" : null;
  if (chosen < min) return `Choose at least ${min}.`;
  return max > 0 && chosen > max ? `Choose at most ${max}.` : null;
}

function select({ question, id, changed }) {
  const { of = "string", options = [], min, max, required, placeholder, custom_id: customId, label } = question;
  const shape = {
    of,
    options,
    min: required ? Math.max(1, min) : 0,
    max,
    placeholder,
    custom_id: customId,
    disabled: false,
  };
  const element = buildSelect(shape, { key: id, label, chose: changed });
  element.id = id;
  return { element, answer: () => element.values(), problem: () => countProblem(question, element.values().length) };
}

function file({ app, question, changed }) {
  const uploads = new Uploads(app, { most: question.max || 1, changed });
  const chooser = h("button", { type: "button", class: "button", onclick: () => uploads.choose() }, "Choose a file");
  return {
    element: h("div", { class: "question-files" }, chooser, uploads.element),
    answer: () => uploads.names(),
    value: () => uploads.send(),
    problem: () => countProblem(question, uploads.names().length),
  };
}

function choices({ question, id, changed }, type) {
  const many = type === "checkbox";
  const inputs = (question.options ?? []).map((option) =>
    h("input", {
      type,
      name: id,
      value: option.value,
      checked: option.default || option.value === question.value,
      onchange: changed,
    }),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const element = h(
    "div",
    { class: "choices" },
    (question.options ?? []).map((option, index) =>
      h(
        "label",
        { class: "choice" },
        inputs[index],
        h("span", {}, option.label, option.description && h("span", { class: "hint" }, option.description)),
      ),
    ),
  );
  return {
    element,
    answer: () => (many ? chosen() : (chosen()[0] ?? null)),
    problem: () =>
      many ? countProblem(question, chosen().length) : question.required && chosen().length === 0 ? "missing" : null,
  };
}

function single({ question, id, changed }) {
  const input = h("input", { type: "checkbox", id, checked: question.value === "true", onchange: changed });
  return {
    element: h("label", { class: "choice" }, input, h("span", {}, question.label)),
    answer: () => input.checked,
  };
}
