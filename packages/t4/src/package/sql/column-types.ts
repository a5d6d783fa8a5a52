import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { DuckDb } from "./engine.js";
import { timeType } from "./time-types.js";

/** What a column of a file is to DuckDB. */
export interface ColumnType {
  readonly type: DuckDBType;
  /** Makes a value of one that is there; `undefined`: it is not of the type. */
  readonly of: (value: unknown) => DuckDBValue | undefined;
}

/**
 * The type for one that `content` names, as Arrow writes it. Types that DuckDB has not, and those of user's formats that nobody
 * knows, are text.
 */
export function columnType(duckdb: DuckDb, name: string): ColumnType {
  return scalarType(duckdb, name) ?? timeType(duckdb, name) ?? nestedType(duckdb, name) ?? textType(duckdb);
}

const INTEGERS = {
  int8: "TINYINT",
  int16: "SMALLINT",
  int32: "INTEGER",
  int64: "BIGINT",
  uint8: "UTINYINT",
  uint16: "USMALLINT",
  uint32: "UINTEGER",
  uint64: "UBIGINT",
} as const;

const FLOATS = { float16: "FLOAT", float32: "FLOAT", float64: "DOUBLE", number: "DOUBLE" } as const;

function scalarType(duckdb: DuckDb, name: string): ColumnType | undefined {
  if (Object.hasOwn(INTEGERS, name)) return { type: duckdb[INTEGERS[name as keyof typeof INTEGERS]], of: numeric };
  if (Object.hasOwn(FLOATS, name)) {
    return { type: duckdb[FLOATS[name as keyof typeof FLOATS]], of: floating };
  }
  if (name === "bool") return { type: duckdb.BOOLEAN, of: (value) => (typeof value === "boolean" ? value : undefined) };
  // A count of units, which the type's name tells.
  if (name.startsWith("duration")) return { type: duckdb.BIGINT, of: numeric };
  if (name.startsWith("binary"))
    return {
      type: duckdb.BLOB,
      of: (value) => (value instanceof Uint8Array ? duckdb.blobValue(value) : undefined),
    };
  return decimalType(duckdb, name);
}

/** A bigint is there where a float would round it. */
function floating(value: unknown): DuckDBValue | undefined {
  return typeof value === "number" ? value : undefined;
}

function numeric(value: unknown): DuckDBValue | undefined {
  return typeof value === "number" || typeof value === "bigint" ? value : undefined;
}

/** More digits than DuckDB's decimals have. */
const MOST_DIGITS = 38;

function decimalType(duckdb: DuckDb, name: string): ColumnType | undefined {
  const [, precision, scale] = /^decimal\((\d+), (\d+)\)$/.exec(name) ?? [];
  if (precision === undefined || Number(precision) > MOST_DIGITS || Number(scale) > Number(precision)) return undefined;
  const [width, places] = [Number(precision), Number(scale)];
  return {
    type: duckdb.DECIMAL(width, places),
    of(value) {
      const [, whole, fraction = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
      const isExact = whole !== undefined && fraction.length === places;
      return isExact ? new duckdb.DuckDBDecimalValue(BigInt(whole + fraction), width, places) : undefined;
    },
  };
}

function nestedType(duckdb: DuckDb, name: string): ColumnType | undefined {
  const [, kind, inner = ""] = /^(list|struct|map)<(.*)>$/s.exec(name) ?? [];
  if (kind === "list") return listType(duckdb, columnType(duckdb, inner));
  if (kind === undefined) return undefined;
  const parts = partsOf(inner);
  if (kind === "struct") return structType(duckdb, parts);
  const [key, value] = parts;
  return key === undefined || value === undefined || parts.length > 2
    ? undefined
    : mapType(duckdb, columnType(duckdb, key), columnType(duckdb, value));
}

function listType(duckdb: DuckDb, item: ColumnType): ColumnType {
  return {
    type: duckdb.LIST(item.type),
    of(value) {
      const items = Array.isArray(value) ? allOf(value, item) : undefined;
      return items && duckdb.listValue(items);
    },
  };
}

function mapType(duckdb: DuckDb, key: ColumnType, item: ColumnType): ColumnType {
  return {
    type: duckdb.MAP(key.type, item.type),
    of(value) {
      if (!(value instanceof Map)) return undefined;
      const keys = allOf([...value.keys()], key);
      const items = allOf([...value.values()], item);
      return keys && items && duckdb.mapValue(keys.map((each, i) => ({ key: each, value: items[i] ?? null })));
    },
  };
}

/** `undefined` where the members' names leave open where each ends. */
function structType(duckdb: DuckDb, parts: readonly string[]): ColumnType | undefined {
  const members = parts.map((part): readonly [string, ColumnType] => {
    const [, name = "", type = ""] = /^(.*?): (.*)$/s.exec(part) ?? [];
    return [name, columnType(duckdb, type)];
  });
  const names = members.map(([name]) => name);
  // To DuckDB they are one, too, when only their case differs.
  if (names.includes("") || new Set(names.map((name) => name.toLowerCase())).size < names.length) return undefined;
  return {
    type: duckdb.STRUCT(Object.fromEntries(members.map(([name, { type }]) => [name, type]))),
    of(value) {
      if (typeof value !== "object" || value === null || Object.keys(value).join("\n") !== names.join("\n"))
        return undefined;
      const all = members.map(([name, { of }]) => present((value as Record<string, unknown>)[name], of));
      if (all.includes(undefined)) return undefined;
      return duckdb.structValue(Object.fromEntries(names.map((name, i) => [name, all[i] as DuckDBValue])));
    },
  };
}

/** Values of a list; `undefined` when one is not of the type. */
function allOf(values: readonly unknown[], { of }: ColumnType): DuckDBValue[] | undefined {
  const all = values.map((value) => present(value, of));
  return all.includes(undefined) ? undefined : (all as DuckDBValue[]);
}

/** What is missing is null in every type. */
export function present(value: unknown, of: ColumnType["of"]): DuckDBValue | undefined {
  return value === null || value === undefined ? null : of(value);
}

/** Cuts `a: int32, b: list<int32>` at the commas outside of brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(/[<[(]|[>\])]|, /g)) {
    if (token !== ", ") depth += "<[(".includes(token) ? 1 : -1;
    else if (depth === 0) {
      parts.push(text.slice(from, index));
      from = index + 2;
    }
  }
  return [...parts, text.slice(from)];
}

function textType(duckdb: DuckDb): ColumnType {
  return {
    type: duckdb.VARCHAR,
    of(value) {
      if (value instanceof Date) return value.toISOString();
      if (typeof value === "string") return value;
      return ["number", "bigint", "boolean"].includes(typeof value) ? `${value as number}` : undefined;
    },
  };
}
