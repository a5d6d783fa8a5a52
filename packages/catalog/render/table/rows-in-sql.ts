import type { Bar } from "./profile.js";

/** Rows of one answer of the SQL view. */
const MOST_ROWS = 1000;
/** So many characters of a common value are known. */
const LONGEST = 200;

/** The statement that selects the rows which a bar counts. */
export function rowsOfBar(column: string, { rows }: Bar): string {
  return `select * from entry\nwhere ${conditionOf(quotedName(column), rows)}\nlimit ${MOST_ROWS}`;
}

/** The statement that selects the rows with the greatest values of a column. */
export function rowsByColumn(column: string): string {
  return `select * from entry\norder by ${quotedName(column)} desc nulls last\nlimit ${MOST_ROWS}`;
}

function conditionOf(name: string, rows: Bar["rows"]): string {
  if (rows.of === "text") {
    const { is } = rows;
    return is.length < LONGEST
      ? `${name}::varchar = ${quotedText(is)}`
      : `left(${name}::varchar, ${LONGEST}) = ${quotedText(is.slice(0, LONGEST))}`;
  }
  const { of, from, to, isLast } = rows;
  const value = of === "length" ? `length(${name}::varchar)` : name;
  const [least, most] = [from, to].map((bound) => (of === "time" ? timeText(bound) : String(bound)));
  return `${value} >= ${least} and ${value} ${isLast ? "<=" : "<"} ${most}`;
}

function timeText(time: number): string {
  return `timestamp ${quotedText(new Date(time).toISOString().replace("T", " ").replace("Z", ""))}`;
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
