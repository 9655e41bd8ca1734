// Moments of the town as the conversation shows them: "14:03", "Yesterday at 14:03", a whole date in the tooltip.

const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en-GB"; // the page speaks English

const SHORT = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" });
const DATE = new Intl.DateTimeFormat(LOCALE, { dateStyle: "short" });
const LONG_DATE = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long" });
const FULL = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "short" });

/** The days since 1970 where the reader lives: equal for moments of the same day. */
export function dayNumber(moment) {
  const date = new Date(moment);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** "14:03" */
export const shortTime = (moment) => SHORT.format(moment);

/** "23 November 2025" */
export const longDate = (moment) => LONG_DATE.format(moment);

/** "Sunday, 23 November 2025 at 14:03" */
export const fullTime = (moment) => FULL.format(moment);

/** What stands before the time of a message, seen from `now`: nothing on the same day. */
export function dayBefore(moment, now) {
  const days = dayNumber(now) - dayNumber(moment);
  if (days === 0) return "";
  return days === 1 ? "Yesterday at " : `${DATE.format(moment)}, `;
}

/** "today at 14:03", "23/11/2025, 14:03": for places where there is no other date. */
export const dateAndTime = (moment, now) => `${dayBefore(moment, now) || "Today at "}${shortTime(moment)}`;
