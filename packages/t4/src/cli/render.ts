import { stripVTControlCharacters } from "node:util";
import type { Operation } from "t4";
import { joined, type Shown, shown } from "./shown.js";

const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** Bytes for people: three digits and a unit. */
export function bytes(number: number): string {
  if (number < 1000) return `${number} B`;
  let [value, power] = [number / 1000, 0];
  // What is rounded to a thousand is one of the next unit.
  for (; value >= 999.5 && power < UNITS.length - 1; power++) value /= 1000;
  return `${value < 999.5 ? value.toPrecision(3) : count(Math.round(value))} ${UNITS[power]}`;
}

/** A count for people. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** A count with its noun. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : plural}`;
}

/** A time for people, in UTC. */
export function time(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A day for people, in UTC. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** So long for people: `9 s`, `4 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Rows as columns of equal width on a terminal; the last one is not filled. */
export async function table(rows: readonly (readonly (string | Shown)[])[]): Promise<Shown> {
  const cells = rows.map((row) => row.map((cell) => shown`${cell}`.shown));
  const widthOf = await widthMeter(cells);
  const widths = (cells[0] ?? []).map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? "")), 0),
  );
  const filled = (cell: string, column: number): string =>
    cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
  return { shown: cells.map((row) => `${row.map(filled).join("  ").trimEnd()}\n`).join("") };
}

/** Measures cells; what knows wide characters is slow to load and rarely needed. */
async function widthMeter(rows: readonly (readonly string[])[]): Promise<(cell: string) => number> {
  const isPlain = rows.every((row) => row.every((cell) => /^[\u0020-\u007e]*$/.test(stripVTControlCharacters(cell))));
  if (isPlain) return (cell) => stripVTControlCharacters(cell).length;
  return (await import("string-width")).default;
}

/** What a pointer is called: `latest`, a tag, or a place in the history, which is the time at which it was published. */
export function pointerName(pointer: string): string {
  return /^\d{10}$/.test(pointer) ? `the revision of ${time(new Date(Number(pointer) * 1000))}` : pointer;
}

/** What was, or would be, done to a package's pointers, a line each. */
export function pointerChanges({ changes: all }: Operation): Shown {
  return joined(
    all.map(({ pointer, before, after }) => shown`${pointerName(pointer)}: ${short(before)} -> ${short(after)}\n`),
  );
}

/** A top hash as people read it. */
export function short(hash: string | null): string {
  return hash?.slice(0, 12) ?? "nothing";
}

/** So many lines of a list say enough. */
const LINES = 10;

/** The first lines of a list, and how many more there are. */
export function firstLines(lines: readonly Shown[]): Shown {
  const more = lines.length - LINES;
  const rest = more > 0 ? shown`  and ${count(more)} more\n` : shown``;
  return joined([...lines.slice(0, LINES).map((line) => shown`  ${line}\n`), rest]);
}

/** A value as JSON on one line, with the escapes of JSON for what no terminal must get. */
export function json(value: unknown): Shown {
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
  return shown`${text}\n`;
}
