import { type Json, type JsonObject, PyFloat } from "../../format/json-value.js";
import { writeJson } from "../../format/json-write.js";

/**
 * Metadata as JSON that every reader of JSON takes; `null` where there is none. Only foreign manifests hold what no JSON has: NaN
 * and infinities become `null`, halves of surrogate pairs U+FFFD.
 */
export function plainJson(meta: Json | undefined): string | null {
  return meta === undefined ? null : writeJson(plain(meta));
}

function plain(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (value === null || typeof value !== "object") return value;
  if (value instanceof PyFloat) return Number.isFinite(value.value) ? value : null;
  if (Array.isArray(value)) return (value as readonly Json[]).map(plain);
  return new Map([...(value as JsonObject)].map(([name, inner]) => [name.toWellFormed(), plain(inner)]));
}
