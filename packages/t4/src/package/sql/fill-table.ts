import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { DuckDb, Engine } from "./engine.js";
import { type MadeColumn, makeTable, type NewTable } from "./make-table.js";
import type { Column, Columns, ColumnValue } from "./registry-tables.js";

/** A table about a registry to be made. */
interface RegistryTable<Row> extends Omit<NewTable<Row>, "columns"> {
  readonly columns: Columns<Row>;
}

/** Makes a table about a registry. */
export async function fillTable<Row>(engine: Engine, { columns, ...table }: RegistryTable<Row>): Promise<void> {
  const { duckdb } = engine;
  const made = Object.entries(columns).map(
    ([name, { type, of }]): MadeColumn<Row> => ({
      name,
      type: typeOf(duckdb, type),
      declared: type === "JSON" ? type : undefined,
      of: (row) => valueOf(duckdb, of(row)),
    }),
  );
  await makeTable(engine, { ...table, columns: made });
}

function typeOf(duckdb: DuckDb, type: Column<unknown>["type"]): DuckDBType {
  if (type === "HASH") return duckdb.STRUCT({ type: duckdb.VARCHAR, value: duckdb.VARCHAR });
  // JSON is text to the library.
  return type === "JSON" ? duckdb.VARCHAR : duckdb[type];
}

function valueOf(duckdb: DuckDb, value: ColumnValue | null): DuckDBValue {
  if (value instanceof Date) return new duckdb.DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
  if (value === null || typeof value !== "object") return value;
  return duckdb.structValue({ type: value.type, value: value.value });
}
