// What the composer and the box for editing share.

/** Characters of a message, as Discord counts them. */
export const LONGEST_MESSAGE = 2000;

export const lengthOf = (text) => [...text].length;

/** Why a text can't be sent. */
export function tooLong(text) {
  const over = lengthOf(text) - LONGEST_MESSAGE;
  return `That's ${over.toLocaleString("en")} ${over === 1 ? "character" : "characters"} too long: a message has at most 2,000.`;
}

/** Make a text field as high as its text; the stylesheet sets the most. */
export function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}
