import type { Data, Vector } from "apache-arrow";
import { put } from "../row.js";
import { dayOf, decimalText, timeOfDay, timestampOf } from "../timestamp.js";
import { KIND, partsOf, unitOf } from "./types.js";

/** Of milliseconds. */
const DAY_MS = 86_400_000n;

/** A kind's value; the library's own would lose digits of these. */
type Reader = (vector: Vector, i: number) => unknown;

const READERS: Readonly<Record<number, Reader>> = {
  [KIND.dictionary](vector, i) {
    const { dictionary } = chunkOf(vector);
    return dictionary == null ? null : arrowValue(dictionary, Number(rawOf(vector, i)));
  },
  [KIND.decimal](vector, i) {
    const { type, values, stride } = chunkOf(vector);
    return decimalText(integerOf(values as Uint32Array, i * stride, stride), partsOf(type).scale);
  },
  // Days in 32 bits, milliseconds in 64.
  [KIND.date](vector, i) {
    const raw = rawOf(vector, i);
    if (typeof raw === "number") return dayOf(raw);
    const moment = timestampOf(raw, "ms");
    return moment instanceof Date ? moment : raw / DAY_MS;
  },
  [KIND.time]: (vector, i) => timeOfDay(rawOf(vector, i), unitOf(vector.type)),
  [KIND.timestamp]: (vector, i) => timestampOf(rawOf(vector, i), unitOf(vector.type)),
  [KIND.duration]: rawOf,
  [KIND.list]: itemsOf,
  [KIND.fixedList]: itemsOf,
  [KIND.largeList]: itemsOf,
  [KIND.struct](vector, i) {
    const struct: Record<string, unknown> = {};
    for (const [at, { name }] of (partsOf(vector.type).children ?? []).entries())
      put(struct, name, arrowValue(vector.getChildAt(at), i));
    return struct;
  },
  [KIND.map](vector, i) {
    const { valueOffsets, children } = chunkOf(vector);
    const pairs = children[0] as Data;
    const [keys, values] = pairs.children.map((child) => vectorOf(vector, child));
    const map = new Map<unknown, unknown>();
    for (let at = Number(valueOffsets[i]); at < Number(valueOffsets[i + 1]); at++)
      map.set(arrowValue(keys ?? null, at), arrowValue(values ?? null, at));
    return map;
  },
};

/** The value at a place of a vector of one chunk; `null` where there is none. */
export function arrowValue(vector: Vector | null, i: number): unknown {
  if (vector === null || !vector.isValid(i)) return null;
  const read = READERS[vector.type.typeId as number];
  const value: unknown = read === undefined ? vector.get(i) : read(vector, i);
  return value ?? null;
}

function itemsOf(vector: Vector, i: number): unknown[] {
  const items = vector.get(i) as Vector;
  return Array.from({ length: items.length }, (_, at) => arrowValue(items, at));
}

/** Record batches, and what is cut from them, are of one chunk. */
function chunkOf(vector: Vector): Data {
  const [chunk] = vector.data;
  if (chunk === undefined || vector.data.length !== 1) throw new Error("a column of a record batch is in pieces");
  return chunk;
}

function rawOf(vector: Vector, i: number): number | bigint {
  const raw = (chunkOf(vector).values as ArrayLike<number | bigint>)[i];
  if (raw === undefined) throw new Error("a column ends before its record batch");
  return raw;
}

/** A vector of the same class, which is the library's and loaded late. */
function vectorOf(like: Vector, data: Data): Vector {
  return new (like.constructor as new (chunks: readonly Data[]) => Vector)([data]);
}

/** A whole number in words of 32 bits, the lowest first, in two's complement. */
function integerOf(words: Uint32Array, from: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[from + i] ?? 0);
  return BigInt.asIntN(32 * count, value);
}
