import { exact } from "../../web/format.js";
import type { Value } from "./table-source.js";

/** A value as people read it; `""` for nothing. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return timeText(value);
  if (value instanceof Uint8Array) return `${exact(value.length)} bytes`;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item));
}

function timeText(time: Date): string {
  return Number.isNaN(time.getTime()) ? "no time" : readableTime(time.toISOString());
}

/** `2025-01-31`, `2025-01-31 12:30`, and so on: what is zero at the end is left out. */
export function readableTime(iso: string): string {
  return iso
    .replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ")
    .replace(/Z$/, "")
    .replace(/\.0+$/, "")
    .replace(/(:\d\d):00$/, "$1")
    .replace(/ 00:00$/, "");
}
