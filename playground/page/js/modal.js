// A form that the bot opened. What was typed stays until the bot has it or the person throws it away.

import { confirm, openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { enliven } from "./markup.js";
import { buildQuestion } from "./questions.js";

const NO_ANSWER = "The bot didn't answer. What you typed is still here.";

/** Open a modal of `shapes.Modal`. */
export function openModal(app, modal) {
  const questions = modal.questions.map((question) => buildQuestion(app, question, () => check()));
  const texts = modal.text_html.map((html) => h("div", { class: "markup", html }));
  const dialog = openDialog({
    title: modal.title,
    content: [texts, questions.map(({ element }) => element)],
    actions: [{ label: "Submit", style: "primary", run: submit }, { label: "Cancel" }],
    kind: "modal",
  });
  texts.forEach(enliven);
  const send = dialog.querySelector("button[type=submit]");
  const untouched = JSON.stringify(answers());

  function answers() {
    return questions.map(({ answer }) => answer());
  }

  function check() {
    send.disabled = questions.some(({ problem }) => problem() !== null);
  }

  async function submit() {
    if (questions.some(({ problem }) => problem() !== null)) throw new Error("Something is still missing.");
    const values = {};
    for (const question of questions) values[question.id] = await question.value();
    const { answered, modal: next } = await app.ask("submit", { interaction: modal.interaction, values });
    if (next) openModal(app, next);
    else if (!answered) throw new Error(NO_ANSWER);
  }

  // A press beside the dialog, or Esc, would lose what was typed.
  const touched = () => JSON.stringify(answers()) !== untouched;
  dialog.addEventListener(
    "mousedown",
    (event) => {
      if (event.target === dialog && touched()) event.stopImmediatePropagation();
    },
    { capture: true },
  );
  let asking = false;
  dialog.addEventListener("cancel", async (event) => {
    if (event.target !== dialog || !touched() || asking) return;
    event.preventDefault();
    asking = true;
    if (await confirm("Close the form?", "What you typed will be lost.", "Close it")) dialog.finish();
    asking = false;
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled) send.click();
  });
  check();
  return dialog;
}
