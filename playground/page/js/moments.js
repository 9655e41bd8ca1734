// Moments in a text, `<t:…>`: told in the browser's language and zone, as each of Discord's styles has it.

const DAY = { day: "2-digit", month: "2-digit", year: "numeric" };
const MINUTE = { hour: "numeric", minute: "2-digit" };
const SECOND = { ...MINUTE, second: "2-digit" };

const STYLES = Object.fromEntries(
  Object.entries({
    t: MINUTE,
    T: SECOND,
    d: DAY,
    D: { dateStyle: "long" },
    f: { dateStyle: "long", timeStyle: "short" },
    F: { dateStyle: "full", timeStyle: "short" },
    s: { ...DAY, ...MINUTE },
    S: { ...DAY, ...SECOND },
  }).map(([style, options]) => [style, new Intl.DateTimeFormat(undefined, options)]),
);
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });
const NOW = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(0, "second");

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
// How many of one unit make the next; a month and a year as long as they are on average.
const UNITS = [
  ["second", SECOND_MS, 60],
  ["minute", 60_000, 60],
  ["hour", HOUR_MS, 24],
  ["day", 24 * HOUR_MS, 30],
  ["month", 30.44 * 24 * HOUR_MS, 12],
  ["year", 365.25 * 24 * HOUR_MS, Infinity],
];

/** What a moment (seconds since 1970) says in a style, seen from `now` in milliseconds. */
export function momentWords(unix, style, now) {
  const at = unix * SECOND_MS;
  return style === "R" ? relative(at - now) : STYLES[style].format(at);
}

/** The whole of it, for a tooltip. */
export const wholeMoment = (unix) => STYLES.F.format(unix * SECOND_MS);

/** After how many milliseconds a relative moment may say something else: no sooner than in a second. */
export function nextChangeMs(unix, now) {
  const away = Math.abs(unix * SECOND_MS - now);
  if (away < HOUR_MS) return away < 61 * SECOND_MS ? SECOND_MS : 5 * SECOND_MS;
  return 60 * SECOND_MS;
}

function relative(difference) {
  const [unit, length] = UNITS.find(([, each, most]) => Math.round(Math.abs(difference) / each) < most);
  const count = Math.round(Math.abs(difference) / length);
  if (count === 0) return NOW;
  return RELATIVE.format(difference < 0 ? -count : count, unit);
}
