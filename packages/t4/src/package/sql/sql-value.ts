import type { DuckDBValue } from "@duckdb/node-api";
import type { DuckDb } from "./engine.js";

/**
 * A value of a row, never rounded: integers of 64 bits and more are bigints, `BLOB` is bytes, lists are arrays, structs objects,
 * maps arrays of `{ key, value }`. Decimals, dates, times, intervals and all others are the text that SQL writes for them.
 */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly SqlValue[]
  | { readonly [name: string]: SqlValue };

/** A row: values by the names of their columns. */
export type SqlRow = { readonly [column: string]: SqlValue };

/** Turns what DuckDB's library gives into plain values. */
export function valueReader(duckdb: DuckDb): (value: DuckDBValue) => SqlValue {
  const plain = (value: DuckDBValue): SqlValue => {
    if (value === null || typeof value !== "object") return value;
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue)
      return value.items.map(plain);
    if (value instanceof duckdb.DuckDBStructValue)
      return objectOf(Object.keys(value.entries), Object.values(value.entries).map(plain));
    if (value instanceof duckdb.DuckDBMapValue)
      return value.entries.map(({ key, value: inner }) => ({ key: plain(key), value: plain(inner) }));
    if (value instanceof duckdb.DuckDBUnionValue) return plain(value.value);
    if (value instanceof duckdb.DuckDBBlobValue) return Uint8Array.from(value.bytes);
    if (value instanceof duckdb.DuckDBDateValue && !value.isFinite) return value.days > 0 ? "infinity" : "-infinity";
    return String(value);
  };
  return plain;
}

/** An object with these members; a member `__proto__` is one like all others. */
export function objectOf<Value>(
  names: readonly string[],
  values: readonly Value[],
): { readonly [name: string]: Value } {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as Value]));
}
