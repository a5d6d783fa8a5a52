import { T4Error } from "../../base/errors.js";
import { nearest } from "../../base/nearest.js";

/** A condition in SQL, and the values that it names by question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** What can be asked for, and what holds it; the index has an empty message where there is none. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "name",
  message: "nullif(message, '')",
  size: "size",
  files: "files",
};
const WORDS = new Set(["and", "or", "not", "in", "like", "is", "null", "true", "false", "between"]);
const TOKEN =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*(?:\.(?:[\p{L}\p{N}_-]+|"[^"]*"))*)|(?<mark><=|>=|!=|<>|==|[=<>(),]))/uy;

/**
 * Turns a condition such as `metadata.species = "mouse" and size > 1e9` into SQL. Only what is listed here gets through, and values
 * never become SQL.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` saying which part is not understood.
 */
export function parseWhere(where: string): Condition {
  const sql: string[] = [];
  const values: (string | number)[] = [];
  TOKEN.lastIndex = 0;
  let depth = 0;
  for (let at = 0; where.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    const groups = TOKEN.exec(where)?.groups;
    const { mark = "" } = groups ?? {};
    depth += Number(mark === "(") - Number(mark === ")");
    // What is around the condition is not to be closed in it.
    if (groups === undefined || depth < 0) throw notUnderstood(where.slice(at).trim());
    sql.push(tokenIn(groups, values));
  }
  return { sql: sql.join(" ") || "1", values };
}

/** A token as SQL; its value, if it has one, goes into the list. */
function tokenIn(
  { text, number, word, mark = "" }: Readonly<Record<string, string | undefined>>,
  values: (string | number)[],
): string {
  if (word !== undefined) return wordIn(word, values);
  if (text === undefined && number === undefined) return mark;
  values.push(text === undefined ? Number(number) : textIn(text));
  return "?";
}

function textIn(quoted: string): string {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
}

function wordIn(word: string, values: (string | number)[]): string {
  if (WORDS.has(word.toLowerCase())) return word.toUpperCase();
  const [first = "", ...path] = word.match(/"[^"]*"|[^."]+/g) ?? [];
  if (first === "metadata" && path.length > 0) {
    values.push(`$${path.map((part) => `."${part.replaceAll('"', "")}"`).join("")}`);
    return "json_extract(metadata, ?)";
  }
  const column = Object.hasOwn(FIELDS, word) ? FIELDS[word] : undefined;
  if (column !== undefined) return column;
  const near = nearest(word, [...Object.keys(FIELDS), ...WORDS]);
  throw notUnderstood(word, near === undefined ? undefined : `Did you mean ${near}? `);
}

/** The error for a condition that says nothing. */
export function notUnderstood(part: string, guess = ""): T4Error {
  return new T4Error("ERR_T4_USAGE", `Cannot understand the condition at ${JSON.stringify(part)}.`, {
    hint: `${guess}Compare name, message, size (bytes), files and metadata.<path> with =, !=, <, <=, >, >=, like, in, is null; join with and, or, not.`,
    facts: { part },
  });
}
