// SQL for the eye: its words stand out, and a long statement gets lines.

import { h } from "./dom.js";

const WORDS = new RegExp(
  `\\b(${(
    "SELECT|INSERT|INTO|UPDATE|DELETE|FROM|WHERE|SET|VALUES|RETURNING|ORDER|GROUP|BY|LIMIT|OFFSET|HAVING|JOIN|LEFT|ON|" +
    "CONFLICT|DO|NOTHING|AND|OR|NOT|NULL|IS|IN|AS|CASE|WHEN|THEN|ELSE|END|CAST|UNION|ALL|EXISTS|DISTINCT|DESC|ASC|WITH|FOR"
  )})\\b`,
);
const BEGINS_A_LINE = /^(SELECT|FROM|WHERE|SET|VALUES|RETURNING|ORDER BY|GROUP BY|HAVING|LIMIT|LEFT JOIN|JOIN|ON CONFLICT|UNION|AND|OR)\b/;
const SHORT = 60; // characters that fit into one line

/** The statement with its words marked. */
export function coloured(sql) {
  return sql.split(WORDS).map((part, index) => (index % 2 ? h("span", { class: "sql-word" }, part) : part));
}

/** A statement in lines. One that was written in lines stays as it is; what stands in brackets is kept together. */
export function laidOut(sql) {
  if (sql.includes("\n") || sql.length <= SHORT) return sql;
  let depth = 0;
  let text = "";
  for (let at = 0; at < sql.length; at++) {
    if (sql[at] === "(") depth++;
    if (sql[at] === ")") depth--;
    const word = depth === 0 && sql[at - 1] === " " ? BEGINS_A_LINE.exec(sql.slice(at, at + 12))?.[1] : undefined;
    if (word) text = `${text.trimEnd()}\n${word === "AND" || word === "OR" ? "  " : ""}`;
    text += sql[at];
  }
  return text;
}
