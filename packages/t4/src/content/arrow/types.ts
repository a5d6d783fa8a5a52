import type { DataType, Field } from "apache-arrow";
import { decimalScale } from "../timestamp.js";

/** The numbers that Arrow gives kinds of types; a table here, since the library is large and loaded late. */
export const KIND = {
  dictionary: -1,
  int: 2,
  float: 3,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  list: 12,
  struct: 13,
  fixedBinary: 15,
  fixedList: 16,
  map: 17,
  duration: 18,
  largeList: 21,
} as const;

const PLAIN: Readonly<Record<number, string>> = {
  1: "null",
  4: "binary",
  5: "string",
  6: "bool",
  [KIND.date]: "date",
  19: "binary",
  20: "string",
  23: "binary",
  24: "string",
};
const UNITS = ["s", "ms", "us", "ns"] as const;

/** What types are made of; which of it one has depends on its kind. */
export interface TypeParts {
  readonly bitWidth: number;
  readonly byteWidth: number;
  readonly isSigned: boolean;
  readonly precision: number;
  readonly scale: number;
  readonly unit: number;
  readonly timezone: string | null;
  readonly children: readonly Field[] | null;
  readonly dictionary: DataType;
}

/** The parts of a type. */
export function partsOf(type: DataType): TypeParts {
  return type as unknown as TypeParts;
}

/** The unit of a type of time. */
export function unitOf(type: DataType): (typeof UNITS)[number] {
  return UNITS[partsOf(type).unit] ?? "s";
}

const PARAMETRIC: Readonly<Record<number, (type: DataType) => string>> = {
  [KIND.dictionary]: (type) => arrowTypeName(partsOf(type).dictionary),
  [KIND.int](type) {
    const { bitWidth, isSigned } = partsOf(type);
    return `${isSigned ? "" : "u"}int${bitWidth}`;
  },
  [KIND.float]: (type) => `float${16 << partsOf(type).precision}`,
  [KIND.decimal](type) {
    const { precision, scale } = partsOf(type);
    return `decimal(${precision}, ${decimalScale(scale)})`;
  },
  [KIND.time]: (type) => `time[${unitOf(type)}]`,
  [KIND.timestamp](type) {
    const { timezone } = partsOf(type);
    return `timestamp[${unitOf(type)}${timezone == null ? "" : `, ${timezone}`}]`;
  },
  [KIND.fixedBinary]: (type) => `binary[${partsOf(type).byteWidth}]`,
  [KIND.duration]: (type) => `duration[${unitOf(type)}]`,
  [KIND.list]: listName,
  [KIND.fixedList]: listName,
  [KIND.largeList]: listName,
  [KIND.struct](type) {
    const fields = partsOf(type).children ?? [];
    return `struct<${fields.map((field) => `${field.name}: ${arrowTypeName(field.type)}`).join(", ")}>`;
  },
  [KIND.map](type) {
    const [pair] = partsOf(type).children ?? [];
    const fields = pair === undefined ? [] : (partsOf(pair.type as DataType).children ?? []);
    return `map<${fields.map((field) => arrowTypeName(field.type)).join(", ")}>`;
  },
};

function listName(type: DataType): string {
  const [item] = partsOf(type).children ?? [];
  return `list<${item === undefined ? "null" : arrowTypeName(item.type)}>`;
}

/** What a type is called. */
export function arrowTypeName(type: DataType): string {
  const name = PARAMETRIC[type.typeId];
  return name === undefined ? (PLAIN[type.typeId] ?? `kind ${type.typeId}`) : name(type);
}
