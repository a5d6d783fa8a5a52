import type { DuckDBAppender, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { type DuckDb, type Engine, quotedName } from "./engine.js";
import type { Column, Columns, ColumnValue } from "./registry-tables.js";

/** A table to be made. */
export interface NewTable<Row> {
  /** As SQL writes it, with its schema. */
  readonly name: string;
  readonly columns: Columns<Row>;
  readonly rows: AsyncIterable<Row>;
  readonly signal: AbortSignal | undefined;
}

/** So many rows go to the engine at once: as many as it works on at once. */
const ROWS_AT_ONCE = 2048;

/** Makes a table of rows. */
export async function fillTable<Row>(engine: Engine, { name, columns, rows, signal }: NewTable<Row>): Promise<void> {
  const all = Object.values(columns);
  const types = Object.entries(columns).map(([column, { type }]) => `${quotedName(column)} ${columnType(type)}`);
  await engine.run(`create table ${name} (${types.join(", ")})`);
  const [table = name, schema] = name.split(".").reverse();
  const appender = await engine.connection.createAppender(table, schema);
  const buffer = rowBuffer(engine.duckdb, appender, all);
  for await (const row of rows) {
    if (!buffer.add(row)) continue;
    // Lets Ctrl-C through, which reading local files does not.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  buffer.flush();
  appender.closeSync();
}

function columnType(type: Column<unknown>["type"]): string {
  return type === "HASH" ? "struct(type varchar, value varchar)" : type;
}

interface RowBuffer<Row> {
  /** Whether that made rows go to the engine. */
  add(row: Row): boolean;
  flush(): void;
}

/** Gathers rows column by column. */
function rowBuffer<Row>(duckdb: DuckDb, appender: DuckDBAppender, columns: readonly Column<Row>[]): RowBuffer<Row> {
  const types = columns.map(({ type }) => typeOf(duckdb, type));
  let values: DuckDBValue[][] = columns.map(() => []);
  let count = 0;
  const flush = (): void => {
    if (count === 0) return;
    const chunk = duckdb.DuckDBDataChunk.create(types, count);
    chunk.setColumns(values);
    appender.appendDataChunk(chunk);
    values = columns.map(() => []);
    count = 0;
  };
  return {
    add(row) {
      for (const [i, { of }] of columns.entries()) values[i]?.push(valueOf(duckdb, of(row)));
      if (++count < ROWS_AT_ONCE) return false;
      flush();
      return true;
    },
    flush,
  };
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
