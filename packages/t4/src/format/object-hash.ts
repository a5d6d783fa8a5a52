import { T4Error } from "../base/errors.js";
import type { ObjectHash } from "./entry.js";
import type { Json, JsonObject } from "./json-value.js";
import { canonicalJson } from "./json-write.js";

/** Reads the `hash` member of an entry; `null` when the entry is not built. */
export function parseObjectHash(value: Json | undefined): ObjectHash | null {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Map)) return malformed(value);
  const object = value as JsonObject;
  const type = object.get("type");
  const hash = object.get("value");
  if (typeof type !== "string" || typeof hash !== "string") return malformed(value);
  // What is spelled as clients spell it needs no copy of how it was.
  const isUsual = object.size === 2 && object.keys().next().value === "type";
  return isUsual ? { type, value: hash } : { type, value: hash, raw: object };
}

function malformed(value: Json): never {
  throw new T4Error(
    "ERR_T4_FORMAT",
    `Invalid object hash: expected an object with type and value, got ${canonicalJson(value)}.`,
  );
}

/** The JSON of an object hash, members in the order in which clients write them. */
export function objectHashJson(hash: ObjectHash | null): Json {
  if (hash === null) return null;
  return (
    hash.raw ??
    new Map<string, Json>([
      ["type", hash.type],
      ["value", hash.value],
    ])
  );
}

/** Whether two hashes are the same claim about the same bytes. */
export function sameObjectHash(a: ObjectHash | null, b: ObjectHash | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.raw === undefined && b.raw === undefined) return a.type === b.type && a.value === b.value;
  return canonicalJson(objectHashJson(a)) === canonicalJson(objectHashJson(b));
}
