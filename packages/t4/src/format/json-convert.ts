import { isT4Error, T4Error } from "../base/errors.js";
import { parseJson } from "./json-parse.js";
import { type Json, type JsonObject, PyFloat } from "./json-value.js";
import { readableJson, writeJson } from "./json-write.js";

/**
 * Plain values that metadata may be made of. A whole `number` is written as an integer, any other as a float; a `bigint`
 * may have any length; {@link pyFloat} writes a whole number as a float.
 */
export type JsonInput =
  | null
  | boolean
  | string
  | number
  | bigint
  | PyFloat
  | readonly JsonInput[]
  | { readonly [name: string]: JsonInput };

/** Metadata as plain values: floats are numbers, integers beyond ±(2^53 − 1) are bigints. */
export type JsonOutput = null | boolean | string | number | bigint | JsonOutput[] | { [name: string]: JsonOutput };

/**
 * A number that is written as a float even when it is whole: `pyFloat(1)` is `1.0`, as Python writes it, and another top
 * hash than `1`.
 *
 * @example
 * ```ts
 * import { Package, pyFloat } from "t4";
 * const pkg = new Package().setMeta({ scale: pyFloat(1), count: 1, id: 12345678901234567890n });
 * const [header = ""] = pkg.manifest();
 * console.assert(header.includes('"scale": 1.0, "count": 1, "id": 12345678901234567890'));
 * ```
 */
export function pyFloat(value: number): PyFloat {
  return new PyFloat(value);
}

/**
 * Makes metadata of plain values. A whole number becomes an integer, any other a float.
 *
 * Where a part equals the same part of `previous`, that part is kept as it was written, so that reading metadata,
 * changing one member and setting it again does not turn `1.0` into `1` elsewhere.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_META` naming the path of a value that JSON has not: NaN, `undefined`,
 * functions, dates and other class instances, cycles.
 */
export function toJson(input: JsonInput, previous?: Json): Json {
  return convert(input, { path: "", ancestors: new Set(), previous });
}

interface Place {
  readonly path: string;
  readonly ancestors: Set<unknown>;
  readonly previous: Json | undefined;
}

function convert(input: unknown, place: Place): Json {
  if (input === null || typeof input === "boolean" || typeof input === "string") return input;
  if (typeof input === "number") return convertNumber(input, place);
  if (typeof input === "bigint") return Number.isSafeInteger(Number(input)) ? Number(input) : input;
  if (input instanceof PyFloat) return Number.isFinite(input.value) ? input : refuse(String(input.value), place);
  if (typeof input !== "object") return refuse(typeof input, place);
  if (place.ancestors.has(input)) return refuse("a cycle", place);
  place.ancestors.add(input);
  const value = Array.isArray(input) ? convertArray(input, place) : convertObject(input, place);
  place.ancestors.delete(input);
  return value;
}

function convertNumber(input: number, place: Place): Json {
  if (!Number.isFinite(input)) return refuse(String(input), place);
  const { previous } = place;
  if (previous instanceof PyFloat && previous.value === input) return previous;
  if (!Number.isInteger(input) || Object.is(input, -0)) return new PyFloat(input);
  return Number.isSafeInteger(input) ? input : BigInt(input);
}

function convertArray(input: readonly unknown[], place: Place): Json {
  const previous = Array.isArray(place.previous) ? (place.previous as readonly Json[]) : [];
  return Array.from(input, (item, i) =>
    convert(item, { ...place, path: `${place.path}[${i}]`, previous: previous[i] }),
  );
}

function convertObject(input: object, place: Place): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(input);
  if (prototype !== Object.prototype && prototype !== null) return refuse(`a ${input.constructor.name}`, place);
  const previous: JsonObject = place.previous instanceof Map ? (place.previous as JsonObject) : new Map();
  const members = new Map<string, Json>();
  const add = (name: string): void => {
    const inner = { ...place, path: place.path === "" ? name : `${place.path}.${name}`, previous: previous.get(name) };
    members.set(name, convert((input as Record<string, unknown>)[name], inner));
  };
  const names = Object.keys(input);
  const given = new Set(names);
  // Members that were there keep their order: plain objects would move names such as "10" to the front.
  for (const name of previous.keys()) if (given.has(name)) add(name);
  for (const name of names) if (!members.has(name)) add(name);
  return members;
}

function refuse(what: string, place: Place): never {
  const where = place.path === "" ? "The metadata" : `The metadata at ${place.path}`;
  throw new T4Error("ERR_T4_INVALID_META", `${where} is ${what}, which JSON cannot hold.`, {
    hint: "Use null, booleans, strings, finite numbers, bigints, arrays and plain objects.",
  });
}

/**
 * Reads metadata from JSON text, losing nothing: `1.0` stays a float, integers keep all digits, members their order.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_META` when the text is not JSON, or holds NaN or an infinity.
 */
export function metaFromText(text: string): Json {
  try {
    const meta = parseJson(text);
    // Refuses what a manifest cannot hold.
    writeJson(meta);
    return meta;
  } catch (cause) {
    const reason = isT4Error(cause) ? cause.message : String(cause);
    throw new T4Error("ERR_T4_INVALID_META", `The metadata is not JSON: ${reason}`, {
      hint: `Names and text stand in double quotes, and there is no NaN: {"station": 7}.`,
      cause,
    });
  }
}

/** User metadata as JSON text; `{}` where none was ever set. */
export function metaText(meta: Json | undefined): string {
  return meta === undefined ? "{}" : readableJson(meta);
}

/** Metadata as plain values; a copy that the caller may change. */
function toPlain(json: Json): JsonOutput {
  if (json === null || typeof json !== "object") return json;
  if (json instanceof PyFloat) return json.value;
  if (Array.isArray(json)) return (json as readonly Json[]).map(toPlain);
  const plain: { [name: string]: JsonOutput } = {};
  for (const [name, value] of json as JsonObject) {
    // Not an assignment: that would set the prototype for the name "__proto__".
    Object.defineProperty(plain, name, { value: toPlain(value), enumerable: true, writable: true, configurable: true });
  }
  return plain;
}

/** User metadata as plain values; `{}` where none was ever set, which is not the same as `null`. */
export function metaOutput(meta: Json | undefined): JsonOutput {
  return meta === undefined ? {} : toPlain(meta);
}
