import type { Row } from "t4";
import { type Shown, shown } from "./shown.js";

/** Characters of a cell that a table for people has at most. */
const MOST_OF_CELL = 40;

/** A row as JSON on one line, with the escapes of JSON for what no terminal must get. */
export function rowLine(row: Row): Shown {
  return shown`${jsonOf(row)}\n`;
}

/**
 * A value of a table as JSON that keeps its digits: integers of any length as they are, dates as texts, bytes in base64, NaN and
 * infinities as texts.
 */
export function jsonOf(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (value instanceof Map) return mapJson(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  // A date that is none has no text in ISO's way.
  if (value instanceof Date || typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  return objectJson(Object.entries(value));
}

function mapJson(map: ReadonlyMap<unknown, unknown>): string {
  const pairs = [...map];
  const isNamed = pairs.every(([key]) => typeof key === "string");
  return isNamed ? objectJson(pairs as [string, unknown][]) : jsonOf(pairs);
}

function objectJson(members: readonly (readonly [string, unknown])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`).join(",")}}`;
}

/** A value as people read it in a table. */
export function cellText(value: unknown): string {
  const text = typeof value === "string" ? value : value instanceof Date ? dateText(value) : jsonOf(value);
  return text.length > MOST_OF_CELL ? `${text.slice(0, MOST_OF_CELL - 1)}…` : text;
}

function dateText(value: Date): string {
  return (value.toJSON() ?? "invalid").replace("T00:00:00.000Z", "");
}
