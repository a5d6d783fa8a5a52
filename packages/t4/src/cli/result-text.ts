import type { SqlResult, SqlValue } from "t4";
import { jsonOf } from "./row-text.js";

/** The forms of a result that programs read. */
export type ResultFormat = "csv" | "json";

/** All rows of a result as text, row by row. */
export async function* resultTexts(result: SqlResult, format: ResultFormat): AsyncGenerator<string, void, undefined> {
  yield* format === "csv" ? csvTexts(result) : jsonTexts(result);
}

async function* csvTexts(result: SqlResult): AsyncGenerator<string, void, undefined> {
  const names = result.columns.map(({ name }) => name);
  yield `${names.map(csvCell).join(",")}\n`;
  for await (const row of result) yield `${names.map((name) => csvCell(row[name] ?? null)).join(",")}\n`;
}

/** Nothing between two commas is no value; a text without characters is two quotes. */
function csvCell(value: SqlValue): string {
  const text = csvText(value);
  const isQuoted = /[",\r\n]/.test(text) || (text === "" && value !== null);
  return isQuoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Bytes in base64, lists and objects as JSON. */
function csvText(value: SqlValue): string {
  if (value === null) return "";
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "object" ? jsonOf(value) : String(value);
}

async function* jsonTexts(result: SqlResult): AsyncGenerator<string, void, undefined> {
  let before = "[";
  for await (const row of result) {
    yield `${before}${jsonOf(row)}`;
    before = ",\n ";
  }
  yield before === "[" ? "[]\n" : "]\n";
}
