// A finger that rests: what the right button is to a mouse. Not every phone sends `contextmenu` for it.

const LONG_PRESS_MS = 450;
const STILL_PX = 10; // how far a finger may slip

/**
 * Call `pressed(target)` when a finger rested on something of `area` and lets go: what opened before would close again
 * by that. Meanwhile the nearest `article` has the class `held`.
 */
export function onLongPress(area, pressed) {
  let timer = null;
  let start = null;
  let held = null;

  area.addEventListener("pointerdown", (event) => {
    stop();
    if (event.pointerType !== "touch" || event.target.closest("button, a, input, textarea")) return;
    start = event;
    timer = setTimeout(() => {
      held = start.target;
      held.closest("article")?.classList.add("held");
    }, LONG_PRESS_MS);
  });
  area.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > STILL_PX) stop();
  });
  area.addEventListener("pointercancel", stop);
  area.addEventListener("pointerup", () => {
    const target = held;
    stop();
    if (!target) return;
    swallowClick();
    setTimeout(() => pressed(target));
  });

  function stop() {
    clearTimeout(timer);
    held?.closest("article")?.classList.remove("held");
    start = held = null;
  }
}

/** The finger's click, if there is one, comes at once and is meant for nothing; that of the next finger is meant. */
function swallowClick() {
  const end = new AbortController();
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
    end.abort();
  };
  document.addEventListener("click", swallow, { capture: true, signal: end.signal });
  document.addEventListener("pointerdown", () => end.abort(), { capture: true, signal: end.signal });
  setTimeout(() => end.abort(), 100);
}
