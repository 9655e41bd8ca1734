// What reaches the composer from elsewhere in the page: files dropped on the conversation, and keys that nothing takes.

/** `channel()` is the open one (shapes.OpenChannel or null). */
export function attachElsewhere(parts, channel) {
  takeDrops(parts, channel);
  document.addEventListener("keydown", (event) => typeAnywhere(event, parts.field));
}

function takeDrops({ form, field, uploads }, channel) {
  const area = form.closest("main") ?? form;
  const carries = ({ dataTransfer }) => {
    const may = channel()?.may;
    return dataTransfer?.types.includes("Files") && may?.attach && may.send;
  };
  area.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    area.classList.add("dropping");
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("dropping");
  });
  area.addEventListener("drop", (event) => {
    area.classList.remove("dropping");
    if (!carries(event)) return;
    event.preventDefault();
    uploads.add(event.dataTransfer.files);
    field.focus();
  });
}

/** Typing while nothing else takes it goes into the composer, as in Discord. */
function typeAnywhere(event, field) {
  const { key, target } = event;
  if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
    return;
  if (field.disabled || document.querySelector("dialog[open], :popover-open")) return;
  // On a message that was reached by keys, letters do something with it.
  const idle = target === document.body || target.matches("#conversation, .log, .log article:not(:focus-visible)");
  if (idle) field.focus();
}
