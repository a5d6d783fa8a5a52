import Papa from "papaparse";
import type { ColumnKind, TableColumn, TableSource, Value } from "./table-source.js";

/** A text that is a table, or the beginning of one. */
export interface TableText {
  readonly path: string;
  readonly text: string;
  readonly isWhole: boolean;
  readonly bytesRead: number;
}

/** Rows by which a column's kind is judged. */
const SAMPLE = 1000;
/** Columns that are read: a few lines may name any number of them. */
const MOST_COLUMNS = 1000;

/** Reads CSV, TSV or JSON Lines. The last row of a part is cut off somewhere and left out. */
export function textTable(input: TableText): TableSource {
  const read = /\.(?:jsonl|ndjson)$/i.test(input.path) ? readLines(input) : readSeparated(input);
  const sample = read.rows(0, SAMPLE);
  const columns = read.names.map((name, i): TableColumn => ({ name, kind: kindOf(sample.map((row) => row[i])) }));
  return {
    columns,
    width: read.width,
    count: read.count,
    isWhole: input.isWhole,
    bytesRead: () => input.bytesRead,
    rows: async (start, end) => read.rows(start, end),
  };
}

interface Read {
  /** Of the first columns. */
  readonly names: readonly string[];
  /** Columns in all. */
  readonly width: number;
  readonly count: number;
  readonly rows: (start: number, end: number) => readonly (readonly Value[])[];
}

function readSeparated({ path, text, isWhole }: TableText): Read {
  const delimiter = /\.(?:tsv|tab)$/i.test(path) ? "\t" : "";
  const { data } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true });
  if (!isWhole) data.pop();
  const [all = [], ...rows] = data;
  const names = all.slice(0, MOST_COLUMNS);
  return { names, width: all.length, count: rows.length, rows: (start, end) => rows.slice(start, end) };
}

/** Objects stay as they are: rows of all columns are made of those that are looked at. */
function readLines({ text, isWhole }: TableText): Read {
  const lines = text.split("\n").map((line) => line.trim());
  if (!isWhole) lines.pop();
  const objects = lines.filter((line) => line !== "").map(readObject);
  const all = new Set<string>();
  for (const object of objects) for (const name of object.keys()) all.add(name);
  const names = [...all].slice(0, MOST_COLUMNS);
  return {
    names,
    width: all.size,
    count: objects.length,
    rows: (start, end) => objects.slice(start, end).map((object) => names.map((name) => object.get(name))),
  };
}

/** A line that is no object is one value; one that is no JSON is shown as it stands. */
function readObject(line: string): Map<string, unknown> {
  try {
    const value = JSON.parse(line) as unknown;
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    return new Map(isObject ? Object.entries(value) : [["value", value]]);
  } catch {
    return new Map([["line that is no JSON", line]]);
  }
}

function kindOf(values: readonly Value[]): ColumnKind {
  const filled = values.filter((value) => value !== null && value !== undefined && value !== "");
  if (filled.length === 0) return "text";
  if (filled.every((value) => typeof value === "boolean")) return "boolean";
  if (filled.every(isNumber)) return "number";
  if (filled.every(isDate)) return "date";
  return filled.every((value) => typeof value === "object") ? "other" : "text";
}

function isDate(value: Value): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?$/.test(value);
}

function isNumber(value: Value): boolean {
  if (typeof value === "number") return true;
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}
