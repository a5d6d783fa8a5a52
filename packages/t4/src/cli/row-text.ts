import type { SqlResult, SqlValue } from "t4";

/** The forms of rows that programs read. */
export type RowFormat = "csv" | "json";

/** All rows of a result as text, row by row. */
export async function* rowTexts(result: SqlResult, format: RowFormat): AsyncGenerator<string, void, undefined> {
  yield* format === "csv" ? csvTexts(result) : jsonTexts(result);
}

/** A value as it stands in a cell: bytes in base64, lists and objects as JSON. */
export function cellText(value: SqlValue): string {
  if (value === null) return "";
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "object" ? valueJson(value) : String(value);
}

async function* csvTexts(result: SqlResult): AsyncGenerator<string, void, undefined> {
  const names = result.columns.map(({ name }) => name);
  yield `${names.map(csvCell).join(",")}\n`;
  for await (const row of result) yield `${names.map((name) => csvCell(row[name] ?? null)).join(",")}\n`;
}

/** Nothing between two commas is no value; a text without characters is two quotes. */
function csvCell(value: SqlValue): string {
  const text = cellText(value);
  const isQuoted = /[",\r\n]/.test(text) || (text === "" && value !== null);
  return isQuoted ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* jsonTexts(result: SqlResult): AsyncGenerator<string, void, undefined> {
  let before = "[";
  for await (const row of result) {
    yield `${before}${valueJson(row)}`;
    before = ",\n ";
  }
  yield before === "[" ? "[]\n" : "]\n";
}

/** JSON with all digits of integers; numbers that JSON has not are text. */
function valueJson(value: SqlValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));
  if (value instanceof Uint8Array) return JSON.stringify(cellText(value));
  if (Array.isArray(value)) return `[${(value as readonly SqlValue[]).map(valueJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${valueJson(inner)}`);
  return `{${members.join(",")}}`;
}
