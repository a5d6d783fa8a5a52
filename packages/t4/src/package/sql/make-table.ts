import type { DuckDBAppender, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { type DuckDb, type Engine, quotedName } from "./engine.js";
import type { Statement } from "./statement.js";

/** A column of a table that is made of rows. */
export interface MadeColumn<Row> {
  readonly name: string;
  readonly type: DuckDBType;
  /** The type as SQL writes it, where that is another. Default: that of {@link MadeColumn.type}. */
  readonly declared?: string | undefined;
  readonly of: (row: Row) => DuckDBValue;
}

/** A table to be made. */
export interface NewTable<Row> {
  /** Default: the engine's main one. */
  readonly schema?: string;
  readonly name: string;
  readonly columns: readonly MadeColumn<Row>[];
  readonly rows: AsyncIterable<Row>;
  readonly signal: AbortSignal | undefined;
}

/** So many rows go to the engine at once: as many as it works on at once. */
const ROWS_AT_ONCE = 2048;

/** Which columns are made for a statement: a table needs one, and how many rows there are shows in any. */
export function isMade(name: string, i: number, mentions: Statement["mentions"]): boolean {
  return i === 0 || mentions(name.toLowerCase());
}

/** Makes a table of rows. */
export async function makeTable<Row>(
  engine: Engine,
  { schema = "main", name, columns, rows, signal }: NewTable<Row>,
): Promise<void> {
  const declared = columns.map((column) => `${quotedName(column.name)} ${column.declared ?? String(column.type)}`);
  await engine.run(`create table ${schema}.${quotedName(name)} (${declared.join(", ")})`);
  const appender = await engine.connection.createAppender(name, schema);
  const buffer = rowBuffer(engine.duckdb, appender, columns);
  for await (const row of rows) {
    if (!buffer.add(row)) continue;
    // Lets Ctrl-C through, which reading local files does not.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  buffer.flush();
  appender.closeSync();
}

interface RowBuffer<Row> {
  /** Whether that made rows go to the engine. */
  add(row: Row): boolean;
  flush(): void;
}

/** Gathers rows column by column. */
function rowBuffer<Row>(duckdb: DuckDb, appender: DuckDBAppender, columns: readonly MadeColumn<Row>[]): RowBuffer<Row> {
  const types = columns.map(({ type }) => type);
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
      for (const [i, { of }] of columns.entries()) values[i]?.push(of(row));
      if (++count < ROWS_AT_ONCE) return false;
      flush();
      return true;
    },
    flush,
  };
}
