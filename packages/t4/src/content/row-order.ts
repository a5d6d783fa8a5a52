import { compareValues } from "./filter.js";

/** Kinds of values in the order in which they stand. */
const KINDS = ["null", "boolean", "number", "date", "string", "bytes", "other"] as const;

/** An order of all values: within a kind as people count, kinds one after the other, nested ones by their text. */
export function compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareAny(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareAny(a: unknown, b: unknown): number {
  const [kind, other] = [kindOf(a), kindOf(b)];
  if (kind !== other) return KINDS.indexOf(kind) - KINDS.indexOf(other);
  if (kind === "bytes") return Buffer.compare(a as Uint8Array, b as Uint8Array);
  if (kind === "other") return compareTexts(textOf(a), textOf(b));
  const order = compareValues(a, b);
  // NaN comes before all numbers, as do dates that are none; two of them are equal.
  return order ?? Number(isNone(b)) - Number(isNone(a));
}

function isNone(value: unknown): boolean {
  return Number.isNaN(value instanceof Date ? value.getTime() : value);
}

function kindOf(value: unknown): (typeof KINDS)[number] {
  if (value === null || value === undefined) return "null";
  if (value instanceof Date) return "date";
  if (value instanceof Uint8Array) return "bytes";
  const type = typeof value;
  if (type === "bigint") return "number";
  return type === "boolean" || type === "number" || type === "string" ? type : "other";
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A text that two nested values have in common if they are equal, and else not. */
function textOf(value: unknown): string {
  if (value instanceof Map) return `Map${textOf([...value])}`;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date) return `date ${value.toJSON()}`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`)
      .join(",")}}`;
  return typeof value === "bigint" || typeof value === "number" ? String(value) : JSON.stringify(value ?? null);
}

/** Whether two values are the same; a number and a bigint of one value are. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return compareAny(a, b) === 0;
}
