// How the bot stands in a server: what it may do there, and how high its role is.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

export function mount(app, element) {
  const server = h("select", { class: "field", "aria-label": "Server", onchange: () => draw() });
  const search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Find a permission",
    "aria-label": "Find a permission",
    oninput: () => draw(),
  });
  const permissions = h("ul", { class: "permission-list" });
  const ladder = h("ol", { class: "ladder" });
  element.append(
    h("h3", { id: "trouble-rights" }, "What it may do"),
    server, search, permissions,
    h("h3", {}, "How high its role is"),
    h("p", { class: "hint" }, "It can only touch members and roles below."),
    ladder);

  function draw() {
    const guilds = app.store.get("trouble")?.guilds ?? [];
    const here = guilds.find(({ guild }) => guild === server.value);
    if (!here) return;
    const word = search.value.trim().toLowerCase();
    const called = app.store.get("hello").permissions;
    const names = Object.keys(here.permissions).filter((name) => called[name].toLowerCase().includes(word));
    replace(permissions,
      names.map((name) => toggle(app, here, name, called[name])),
      names.length === 0 && h("li", { class: "hint" }, "None is called that."));
    replace(ladder, here.roles.map((role, index) => rung(app, here, role, index)));
  }

  app.store.on("trouble", (trouble) => {
    const ids = trouble.guilds.map(({ guild }) => guild).join();
    if (server.dataset.ids !== ids) {
      const chosen = server.value || app.store.get("channel")?.guild;
      server.dataset.ids = ids;
      replace(server, trouble.guilds.map((each) => h("option", { value: each.guild }, each.name)));
      if (trouble.guilds.some(({ guild }) => guild === chosen)) server.value = chosen;
    }
    draw();
  });
}

function toggle(app, here, name, label) {
  return h("li", {}, h("label", {}, label, h("input", {
    class: "switch",
    type: "checkbox",
    role: "switch",
    checked: here.permissions[name],
    "data-key": name,
    onchange: async (event) => {
      const on = event.target.checked;
      const done = await app.tell("bot_permission", { guild: here.guild, permission: name, on });
      if (done === undefined) event.target.checked = !on;
    },
  })));
}

/** A role of the ladder; position 0 is the top. */
function rung(app, here, role, index) {
  const own = role.id === here.bot_role;
  const move = (to) => app.tell("bot_position", { guild: here.guild, position: to });
  return h("li", { class: own ? "own" : "" },
    h("span", { class: "role-dot", style: role.colour ? `--role:${role.colour}` : undefined }),
    h("span", { class: "name" }, role.name),
    own && h("span", { class: "said" }, ", the bot's own"),
    own && h("span", { class: "moves" },
      button("up", "Move its role up", index === 0, () => move(index - 1)),
      button("down", "Move its role down", index === here.roles.length - 1, () => move(index + 1))));
}

function button(name, label, disabled, onclick) {
  return h("button", { class: "icon-button", "aria-label": label, title: label, disabled, "data-key": name, onclick }, icon(name, 16));
}
