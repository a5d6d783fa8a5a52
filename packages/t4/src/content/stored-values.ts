import { put } from "./row.js";
import { Timestamp } from "./timestamp.js";

/**
 * A value as the structured clone keeps it, which would make a plain Date of a {@link Timestamp}: that becomes a regular
 * expression, since no table has any.
 */
export function toStored(value: unknown): unknown {
  return value instanceof Timestamp ? new RegExp(`${value.getTime()},${value.nanoseconds}`) : mapped(value, toStored);
}

/** The value that was stored. */
export function fromStored(value: unknown): unknown {
  if (!(value instanceof RegExp)) return mapped(value, fromStored);
  const [milliseconds = 0, nanoseconds = 0] = value.source.split(",").map(Number);
  return new Timestamp(milliseconds, nanoseconds);
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [change(key), change(each)] as const));
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  const object: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) put(object, name, change(each));
  return object;
}
