import { put } from "../row.js";
import { dayOf, type TimeUnit, timestampOf } from "../timestamp.js";

/** How the bytes of one element become a value. */
export interface DType {
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Values that it is made of; one without any still takes memory. */
  readonly values: number;
  /** The fields of a record, which is an array of their values when it is read. */
  readonly fields?: readonly { readonly name: string; readonly dtype: DType }[];
  readonly read: (view: DataView, at: number) => unknown;
}

/** A dtype as the header has it: `"<f8"`, or a list of fields. */
export type Descr = string | readonly (readonly [string | readonly [string, string], Descr, (readonly number[])?])[];

/** NumPy has no more axes. */
const MOST_AXES = 64;
/** Deeper nesting of records is no data. */
const MOST_DEPTH = 32;
const UNITS: Readonly<Record<string, TimeUnit>> = { s: "s", ms: "ms", us: "us", ns: "ns" };
/** What NumPy calls a time that is none. */
const NOT_A_TIME = -(2n ** 63n);
const UTF8 = new TextDecoder();

type NumberReader = (view: DataView, at: number, isLittle: boolean) => unknown;

const NUMBERS: Readonly<Record<string, readonly [string, NumberReader]>> = {
  b1: ["bool", (view, at) => view.getUint8(at) !== 0],
  i1: ["int8", (view, at) => view.getInt8(at)],
  u1: ["uint8", (view, at) => view.getUint8(at)],
  i2: ["int16", (view, at, isLittle) => view.getInt16(at, isLittle)],
  u2: ["uint16", (view, at, isLittle) => view.getUint16(at, isLittle)],
  i4: ["int32", (view, at, isLittle) => view.getInt32(at, isLittle)],
  u4: ["uint32", (view, at, isLittle) => view.getUint32(at, isLittle)],
  i8: ["int64", (view, at, isLittle) => view.getBigInt64(at, isLittle)],
  u8: ["uint64", (view, at, isLittle) => view.getBigUint64(at, isLittle)],
  f2: ["float16", (view, at, isLittle) => halfOf(view.getUint16(at, isLittle))],
  f4: ["float32", (view, at, isLittle) => view.getFloat32(at, isLittle)],
  f8: ["float64", (view, at, isLittle) => view.getFloat64(at, isLittle)],
  c8: ["struct<re: float32, im: float32>", complexOf(4)],
  c16: ["struct<re: float64, im: float64>", complexOf(8)],
};

/** @throws Error for what NumPy writes and nobody else reads. */
export function dtypeOf(descr: Descr, depth = 0): DType {
  if (typeof descr !== "string") return recordOf(descr, depth);
  const [, order = "", kind = "", digits = "", unit = ""] = /^([<>|=]?)([a-zA-Z])(\d*)(?:\[(.*)\])?$/.exec(descr) ?? [];
  const isLittle = order !== ">";
  const number = NUMBERS[kind + digits];
  if (number !== undefined) {
    const [type, read] = number;
    return { type, size: Number(digits), values: 1, read: (view, at) => read(view, at, isLittle) };
  }
  const other = OTHERS[kind]?.(Number(digits), isLittle, unit);
  if (other !== undefined) return other;
  throw new Error(
    kind === "O" ? "it holds Python objects, which only Python reads" : `it has values of the type ${descr}`,
  );
}

const OTHERS: Readonly<Record<string, (digits: number, isLittle: boolean, unit: string) => DType | undefined>> = {
  S: (size) => ({ type: "binary", size, values: 1, read: (view, at) => trimmed(bytesAt(view, at, size)) }),
  V: (size) => ({ type: `binary[${size}]`, size, values: 1, read: (view, at) => bytesAt(view, at, size).slice() }),
  U: (length, isLittle) => ({
    type: "string",
    size: 4 * length,
    values: 1,
    read: (view, at) => textOf(view, at, { length, isLittle }),
  }),
  m: (_, isLittle, unit) => ({
    type: `duration[${unit}]`,
    size: 8,
    values: 1,
    read: (view, at) => view.getBigInt64(at, isLittle),
  }),
  M: (_, isLittle, unit) => momentType(isLittle, unit),
};

function momentType(isLittle: boolean, unit: string): DType | undefined {
  const known = UNITS[unit];
  if (known === undefined && unit !== "D") return undefined;
  return {
    type: known === undefined ? "date" : `timestamp[${known}]`,
    size: 8,
    values: 1,
    read(view, at) {
      const count = view.getBigInt64(at, isLittle);
      if (count === NOT_A_TIME) return null;
      return known === undefined ? dayOf(count) : timestampOf(count, known);
    },
  };
}

function recordOf(descr: Exclude<Descr, string>, depth: number): DType {
  if (depth > MOST_DEPTH) throw new Error(`its records are nested deeper than ${MOST_DEPTH} levels`);
  let size = 0;
  let values = 1;
  const fields = descr.map(([label, inner, shape]) => {
    const name = typeof label === "string" ? label : (label[1] ?? "");
    const dtype = arrayOf(dtypeOf(inner, depth + 1), shape ?? []);
    size += dtype.size;
    values += dtype.values;
    return { name, dtype, at: size - dtype.size };
  });
  // What fills gaps between fields has no name.
  const named = fields.filter(({ name }) => name !== "");
  const read = (view: DataView, at: number): unknown => {
    const record: Record<string, unknown> = {};
    for (const { name, dtype, at: from } of named) put(record, name, dtype.read(view, at + from));
    return record;
  };
  return {
    type: `struct<${named.map(({ name, dtype }) => `${name}: ${dtype.type}`).join(", ")}>`,
    size,
    values,
    fields: named,
    read,
  };
}

/** Elements of a shape, the last axis running fastest. */
export function arrayOf(item: DType, shape: readonly number[]): DType {
  if (shape.length > MOST_AXES) throw new Error(`it has more than ${MOST_AXES} axes`);
  const [length, ...rest] = shape;
  if (length === undefined) return item;
  const inner = arrayOf(item, rest);
  return {
    type: `list<${inner.type}>`,
    size: length * inner.size,
    values: Math.max(1, length) * inner.values,
    read: (view, at) => Array.from({ length }, (_, i) => inner.read(view, at + i * inner.size)),
  };
}

function bytesAt(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size);
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, end);
}

/** UTF-32, filled up with zeros. */
function textOf(view: DataView, at: number, { length, isLittle }: { length: number; isLittle: boolean }): string {
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCodePoint(view.getUint32(at + 4 * i, isLittle));
  return text.replace(/\0+$/, "");
}

function complexOf(size: 4 | 8): NumberReader {
  const read = (view: DataView, at: number, isLittle: boolean): number =>
    size === 4 ? view.getFloat32(at, isLittle) : view.getFloat64(at, isLittle);
  return (view, at, isLittle) => ({ re: read(view, at, isLittle), im: read(view, at + size, isLittle) });
}

function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Text of a header. */
export function headerText(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}
