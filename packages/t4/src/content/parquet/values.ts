import type { ParquetParsers, SchemaElement } from "hyparquet";
import { parseLossless } from "../json-values.js";
import { dayOf, decimalScale, decimalText, type TimeUnit, timeOfDay, timestampOf } from "../timestamp.js";

/** Makes a value of one that was read raw. */
export type Convert = (raw: unknown) => unknown;

const TEXT = new TextDecoder("utf-8", { fatal: true });

/** How values are made that hyparquet asks about; its own would cut digits below the millisecond. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => timestampOf(count, "ms"),
  timestampFromMicroseconds: (count) => timestampOf(count, "us"),
  timestampFromNanoseconds: (count) => timestampOf(count, "ns"),
  dateFromDays: dayOf,
  stringFromBytes: (bytes) => bytes && TEXT.decode(bytes),
  jsonFromBytes: (bytes) => bytes && parseLossless(TEXT.decode(bytes)),
};

const UNITS: Readonly<Record<string, TimeUnit>> = { MILLIS: "ms", MICROS: "us", NANOS: "ns" };

/** What is missing is null, whatever else is done. */
export function orNull(convert: Convert | undefined): Convert {
  if (convert === undefined) return (raw) => raw ?? null;
  return (raw) => (raw === null || raw === undefined ? null : convert(raw));
}

/** For leaves that are read raw: decimals, times of day, what hyparquet does not know. */
export function leafConversion(element: SchemaElement): Convert | undefined {
  if (element.num_children !== undefined && element.num_children > 0) return undefined;
  const kind = kindOf(element);
  if (kind === "DECIMAL") {
    const { scale } = decimalOf(element);
    return (raw) => decimalText(integerOf(raw), scale);
  }
  const unit = timeUnitOf(element);
  if (unit !== undefined) return (raw) => timeOfDay(raw as number | bigint, unit);
  if (kind === "ENUM") return (raw) => TEXT.decode(raw as Uint8Array);
  return kind === "INTERVAL" || kind === "BSON" ? (raw) => raw : undefined;
}

/** What a leaf is, in whichever of the two ways that the format has the file says it. */
function kindOf({ converted_type: converted, logical_type: logical }: SchemaElement): string {
  return logical?.type ?? converted ?? "";
}

function timeUnitOf({ converted_type: converted, logical_type: logical }: SchemaElement): TimeUnit | undefined {
  if (logical?.type === "TIME") return UNITS[logical.unit];
  if (converted === "TIME_MILLIS") return "ms";
  return converted === "TIME_MICROS" ? "us" : undefined;
}

function decimalOf({ scale, precision, logical_type: logical }: SchemaElement): { scale: number; precision: number } {
  const own = logical?.type === "DECIMAL" ? logical : undefined;
  return { scale: decimalScale(scale ?? own?.scale ?? 0), precision: precision ?? own?.precision ?? 0 };
}

/** A whole number of any length; bytes are big-endian, in two's complement. */
function integerOf(raw: unknown): bigint {
  if (!(raw instanceof Uint8Array)) return BigInt(raw as number | bigint);
  const hex = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("hex");
  return hex === "" ? 0n : BigInt.asIntN(raw.length * 8, BigInt(`0x${hex}`));
}

const PHYSICAL: Readonly<Record<string, string>> = {
  BOOLEAN: "bool",
  INT32: "int32",
  INT64: "int64",
  INT96: "timestamp[ns]",
  FLOAT: "float32",
  DOUBLE: "float64",
  BYTE_ARRAY: "binary",
};

const CONVERTED: Readonly<Record<string, string>> = {
  UTF8: "string",
  ENUM: "string",
  JSON: "json",
  DATE: "date",
  TIME_MILLIS: "time[ms]",
  TIME_MICROS: "time[us]",
  TIMESTAMP_MILLIS: "timestamp[ms, UTC]",
  TIMESTAMP_MICROS: "timestamp[us, UTC]",
  INTERVAL: "interval",
  BSON: "bson",
  ...Object.fromEntries(
    [8, 16, 32, 64].flatMap((bits) => [
      [`INT_${bits}`, `int${bits}`],
      [`UINT_${bits}`, `uint${bits}`],
    ]),
  ),
};

const LOGICAL: Readonly<Record<string, string>> = {
  STRING: "string",
  ENUM: "string",
  JSON: "json",
  BSON: "bson",
  DATE: "date",
  UUID: "uuid",
  FLOAT16: "float16",
  NULL: "null",
  VARIANT: "variant",
  GEOMETRY: "geometry",
  GEOGRAPHY: "geography",
};

/** The type of a leaf, as Arrow writes it. */
export function leafType(element: SchemaElement): string {
  const { type = "", type_length: length, converted_type: converted } = element;
  const named = parametricType(element) ?? LOGICAL[kindOf(element)] ?? CONVERTED[converted ?? ""] ?? PHYSICAL[type];
  return named ?? (type === "FIXED_LEN_BYTE_ARRAY" ? `binary[${length}]` : type.toLowerCase());
}

function parametricType(element: SchemaElement): string | undefined {
  const { logical_type: logical } = element;
  if (kindOf(element) === "DECIMAL") {
    const { precision, scale } = decimalOf(element);
    return `decimal(${precision}, ${scale})`;
  }
  if (logical?.type === "INTEGER") return `${logical.isSigned ? "" : "u"}int${logical.bitWidth}`;
  if (logical?.type === "TIME") return `time[${UNITS[logical.unit]}]`;
  if (logical?.type !== "TIMESTAMP") return undefined;
  return `timestamp[${UNITS[logical.unit]}${logical.isAdjustedToUTC ? ", UTC" : ""}]`;
}
