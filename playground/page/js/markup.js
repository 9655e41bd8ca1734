// What formatted text does (playground/markup makes its HTML): spoilers open, mentions lead somewhere, code is copied,
// and moments are told in the reader's words. Elsewhere: what a relative moment says, in moments.js.

import { readable } from "./colours.js";
import { icon } from "./icons.js";
import { openMemberCard } from "./membercard.js";
import { momentWords, nextChangeMs, wholeMoment } from "./moments.js";
import { allChannels, townNow } from "./town.js";

const RELATIVE = 'time[data-style="R"]';
const PRESSED_BY_KEYS = ".spoiler[role], .mention[tabindex]";
const SHOWN_WITHIN_MS = 5000; // a channel, after it was opened

let store = null;
const visible = new Set(); // relative moments in sight
let ticking;

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) visible.add(target);
    else visible.delete(target);
  }
  tick();
});

/** Give life to formatted text in an element, once, when it has just been made. */
export function enliven(element) {
  for (const time of element.querySelectorAll("time[data-unix]")) {
    time.title = wholeMoment(time.dataset.unix);
    time.textContent = momentWords(time.dataset.unix, time.dataset.style, now());
    if (time.matches(RELATIVE)) sight.observe(time);
  }
  for (const role of element.querySelectorAll(".mention.role[style]")) {
    role.style.setProperty("--role", readable(role.style.getPropertyValue("--role").trim()));
  }
  for (const button of element.querySelectorAll(".code > .copy")) {
    button.title = "Copy";
    button.append(icon("copy", 16));
  }
}

/** Listen in `root` for whoever presses something in formatted text. */
export function mount(app, root) {
  store = app.store;
  store.on("clock", tick); // time may have been skipped
  document.addEventListener("visibilitychange", tick);
  root.addEventListener("click", (event) => press(app, event));
  root.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(PRESSED_BY_KEYS)) press(app, event);
  });
}

// --- time

const now = () => (store ? townNow(store) : Date.now());

/** Bring the moments in sight up to date, and come back when the first of them says something else. */
function tick() {
  clearTimeout(ticking);
  let wait = Infinity;
  for (const time of visible) {
    if (!time.isConnected) {
      visible.delete(time);
      sight.unobserve(time);
      continue;
    }
    const words = momentWords(time.dataset.unix, "R", now());
    if (time.textContent !== words) time.textContent = words;
    wait = Math.min(wait, nextChangeMs(time.dataset.unix, now()));
  }
  if (wait < Infinity && document.visibilityState === "visible") ticking = setTimeout(tick, wait);
}

// --- what one presses

function press(app, event) {
  const { target } = event;
  const spoiler = target.closest(".spoiler[role]");
  if (spoiler) {
    event.preventDefault(); // the title of an embed may be a link around it
    uncover(spoiler);
    return;
  }
  const copy = target.closest(".code > .copy");
  const place = target.closest("[data-channel]:is(.mention, a)");
  const user = target.closest(".mention[data-user]");
  if (copy) copyCode(app, copy.parentElement.querySelector("code"));
  else if (place) go(app, event, place);
  else if (user) showMember(app, event, user);
}

function uncover(spoiler) {
  spoiler.classList.add("shown");
  spoiler.tabIndex = -1; // keeps the focus here, where one reads on
  for (const name of ["role", "aria-label", "aria-expanded"]) spoiler.removeAttribute(name);
}

async function copyCode(app, code) {
  const toast = (kind, title) => app.store.set("toast", { kind, title, text: "", detail: "" });
  try {
    await navigator.clipboard.writeText(code.textContent);
    toast("success", "Copied.");
  } catch {
    toast("error", "The browser doesn't let this page copy.");
  }
}

/** Open a channel of the town; a link to one that isn't here leads out, as it says. */
function go(app, event, { dataset: { channel, message } }) {
  const direct = app.store.get("places")?.direct ?? [];
  if (![...direct, ...allChannels(app.store).map((each) => each.channel)].some(({ id }) => id === channel)) return;
  event.preventDefault();
  if (message) whenShown(app.store, channel, () => app.jumpTo(message));
  app.open(channel);
}

function whenShown(store, channel, act) {
  let stop = null;
  let done = false;
  const look = (conversation) => {
    if (done || conversation?.channel !== channel) return;
    done = true;
    setTimeout(act); // once everybody else has heard of it
    stop?.();
  };
  stop = store.on("conversation", look);
  if (done) stop();
  else setTimeout(stop, SHOWN_WITHIN_MS);
}

function showMember(app, event, mention) {
  event.preventDefault();
  const all = (app.store.get("members") ?? []).flatMap((group) => group.members);
  const member = all.find(({ id }) => id === mention.dataset.user);
  if (member) openMemberCard(app, mention, member);
  else app.store.set("toast", { kind: "info", title: `${mention.textContent} isn't here.`, text: "", detail: "" });
}
