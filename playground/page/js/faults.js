// REST calls that are to fail: which, how, how often; and those that are set to.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

/** What the bot does most, as `playground/rest_calls.py` names it; `*` is any part of the path. */
const KNOWN = [
  ["Send message", "POST /channels/*/messages"],
  ["Edit message", "PATCH /channels/*/messages/*"],
  ["Delete message", "DELETE /channels/*/messages/*"],
  ["Delete messages in bulk", "POST /channels/*/messages/bulk-delete"],
  ["Fetch message", "GET /channels/*/messages/*"],
  ["Add reaction", "PUT /channels/*/messages/*/reactions/*/@me"],
  ["Answer button, select or form", "POST /interactions/*/*/callback"],
  ["Open direct messages", "POST /users/@me/channels"],
  ["Edit member (timeout, nickname, voice)", "PATCH /guilds/*/members/*"],
  ["Give role", "PUT /guilds/*/members/*/roles/*"],
  ["Take role", "DELETE /guilds/*/members/*/roles/*"],
  ["Kick member", "DELETE /guilds/*/members/*"],
  ["Ban member", "PUT /guilds/*/bans/*"],
  ["Unban member", "DELETE /guilds/*/bans/*"],
  ["Create channel", "POST /guilds/*/channels"],
  ["Edit channel", "PATCH /channels/*"],
];
const NAMES = new Map(KNOWN.map(([name, call]) => [call, name]));
const STATUSES = [[403, "403 Forbidden"], [404, "404 Not found"], [429, "429 Rate limited"], [500, "500 Server error"]];
const TIMES = [["1", "Once"], ["3", "3 times"], ["", "Always"]];
const MOST_LATEST = 12;

export function mount(app, element) {
  const pattern = h("input", {
    class: "field",
    value: KNOWN[0][1],
    "aria-label": "Method and path, * for any part",
    autocomplete: "off",
    spellcheck: "false",
  });
  const latest = h("optgroup", { label: "Just called" });
  const choice = h("select", {
    id: "fault-call",
    class: "field",
    onchange: () => (pattern.value = choice.value),
  }, h("optgroup", { label: "By what the bot does" }, KNOWN.map(([label, call]) => h("option", { value: call }, label))), latest);
  choice.value = pattern.value;
  const status = select("How it fails", STATUSES);
  const times = select("How often", TIMES);
  const refusal = h("p", { class: "error", role: "alert" });
  const list = h("div", { class: "faults" });

  async function fail(event) {
    event.preventDefault();
    const [method, ...path] = pattern.value.trim().split(/\s+/);
    refusal.textContent = "";
    try {
      await app.ask("fail", {
        method: method.toUpperCase(),
        path: path.join(" "),
        status: Number(status.value),
        times: times.value ? Number(times.value) : null,
      });
    } catch (error) {
      refusal.textContent = error.message;
    }
  }

  element.append(
    h("h3", { id: "trouble-calls" }, "Let a call fail"),
    list,
    h("form", { class: "fault-form", onsubmit: fail },
      h("label", { class: "label", for: "fault-call" }, "When the bot is to…"),
      choice, pattern,
      h("div", { class: "pair uneven" }, status, times),
      h("button", { class: "button primary" }, icon("bolt", 16), "Let it fail"),
      refusal));

  app.store.on("trouble", (trouble) => {
    replace(list, trouble.faults.map((fault) => line(app, fault)));
    showLatest(latest, choice, trouble.calls);
  });
}

function select(label, options) {
  return h("select", { class: "field", "aria-label": label },
    options.map(([value, words]) => h("option", { value: String(value) }, words)));
}

/** Offer the latest calls; an open list isn't pulled from under the pointer for nothing. */
function showLatest(group, choice, calls) {
  const latest = calls.slice(0, MOST_LATEST);
  const now = [...group.children].map((option) => option.value);
  if (latest.join("\n") === now.join("\n")) return;
  const chosen = choice.value;
  group.replaceChildren(...latest.map((call) => h("option", { value: call }, NAMES.get(call) ?? call)));
  choice.value = chosen;
}

function line(app, fault) {
  const often = fault.left === null ? "always" : fault.left === 1 ? "the next time" : `the next ${fault.left} times`;
  return h("div", { class: "fault" },
    h("span", { class: "words" },
      `${fault.label}: fails with ${fault.status}, ${often}`,
      h("code", {}, `${fault.method} ${fault.path}`)),
    h("button", {
      class: "icon-button",
      "aria-label": `Let it succeed again: ${fault.label}`,
      title: "Let it succeed again",
      "data-key": fault.id,
      onclick: () => app.tell("unfail", { fault: fault.id }),
    }, icon("close", 16)));
}
