// Names in the colours of their roles: people choose those, and not all can be read on dark ground. They are made
// lighter, by as little as it takes.

const LIGHTEST_GROUND = "#3a3833"; // --bg-mention, the lightest on which names stand
const ENOUGH = 4.5; // WCAG AA, for text of this size
const STEP = 0.05;

/** The `style` of a name with its role's colour; undefined for none. */
export function nameStyle(colour) {
  return colour ? `color:${readable(colour)}` : undefined;
}

/** The colour, mixed with as much white as it needs to be read. */
export function readable(colour) {
  const parts = channelsOf(colour);
  const ground = luminance(channelsOf(LIGHTEST_GROUND));
  let mixed = parts;
  for (let white = 0; white < 1 && (luminance(mixed) + 0.05) / (ground + 0.05) < ENOUGH; white += STEP) {
    mixed = parts.map((part) => Math.round(part + (255 - part) * white));
  }
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

const channelsOf = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function luminance(parts) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = parts.map((part) => linear(part / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
