// Making elements. Text given as a child is always text; only `html` takes markup, and only that of the server's
// fields ending in `html`, which it has made safe.

/** States whose "false" says something; of other attributes `false` means to leave them out. */
const STATES = new Set(["aria-checked", "aria-expanded", "aria-pressed", "aria-selected", "aria-busy"]);

/** Make an element: `h("button", {class: "x", onclick: f, "aria-label": "…"}, child, "text", [more])`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null) continue;
    if (STATES.has(name)) element.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name === "html") element.innerHTML = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && (typeof value === "boolean" || name === "value")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
}

/**
 * Show these children in an element instead of what it held. The keyboard focus stays with its `data-key`; if that is
 * gone, it goes to what comes next.
 */
export function replace(element, ...children) {
  keepingFocus(element, () => {
    element.replaceChildren();
    append(element, children);
  });
}

/**
 * As `replace`, but a child that looks the same as before stays the element it was: what one is pressing just now isn't
 * taken away. Its listeners stay the old ones too, so they may only know what can be seen, such as ids.
 */
export function patch(element, ...children) {
  const wanted = h("template");
  append(wanted, children);
  const before = new Map([...element.children].map((child) => [child.outerHTML, child]));
  const now = [...wanted.childNodes].map((child) => {
    const same = before.get(child.outerHTML);
    before.delete(child.outerHTML);
    return same ?? child;
  });
  keepingFocus(element, () => {
    for (const child of [...element.childNodes]) if (!now.includes(child)) child.remove();
    let next = element.firstChild;
    for (const child of now) {
      if (child === next) next = next.nextSibling;
      else element.insertBefore(child, next);
    }
  });
}

function keepingFocus(element, change) {
  const focused = element.contains(document.activeElement) ? document.activeElement : undefined;
  const at = focused ? [...element.querySelectorAll("[data-key]")].indexOf(focused) : -1;
  change();
  if (at < 0 || document.activeElement === focused) return;
  const next = [...element.querySelectorAll("[data-key]")].slice(0, at + 1).at(-1);
  (withKey(element, focused.dataset.key) ?? next)?.focus({ preventScroll: true });
}

/** What has a key in an element, or null. */
export const withKey = (element, key) => element.querySelector(`[data-key="${CSS.escape(key)}"]`);

/** A person's or guild's picture; decoration, since the name always stands beside it. */
export function picture(url, size, letters = "") {
  if (!url) return h("span", { class: "picture letters", style: `--size:${size}px`, "aria-hidden": "true" }, letters);
  return h("img", { class: "picture", src: url, alt: "", width: size, height: size, style: `--size:${size}px` });
}

/** The letters that stand for a name where it has no picture. */
export function initials(name) {
  return [...(name.match(/[\p{L}\p{N}]+/gu) ?? [name])].slice(0, 2).map((word) => [...word][0]).join("");
}

/** An English count: `plural(2, "person", "people")`. */
export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
