import { styleText } from "node:util";

/** Makes text from a package safe for a terminal: control characters are shown, never sent. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Colours text for a terminal; not with `NO_COLOR`. */
export function color(style: "green" | "yellow" | "red" | "dim" | "bold", text: string): string {
  const wanted = process.env["FORCE_COLOR"] !== undefined || (process.stderr.isTTY && !process.env["NO_COLOR"]);
  return wanted ? styleText(style, text) : text;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Bytes for people: three digits and a unit. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power]}`;
}

/** A count with its noun. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time for people, in UTC. */
export function time(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Rows as columns of equal width; the last one is not filled. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

/** The changes of a diff, a line each. */
export function changes(diff: {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}): string {
  const lines = [
    ...diff.added.map((key) => color("green", `+ ${clean(key)}`)),
    ...diff.modified.map((key) => color("yellow", `~ ${clean(key)}`)),
    ...diff.deleted.map((key) => color("red", `- ${clean(key)}`)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The changes of a diff in one line. */
export function changeSummary(diff: {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}): string {
  return `${diff.added.length} added, ${diff.modified.length} changed, ${diff.deleted.length} removed`;
}

/** A value as JSON on one line; big integers keep all digits. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner))}\n`;
}
