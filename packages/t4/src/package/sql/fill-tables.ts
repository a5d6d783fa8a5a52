import type { DuckDBAppender, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { T4Error } from "../../base/errors.js";
import { nearest } from "../check-options.js";
import type { OpenRegistry } from "../opened-registry.js";
import { type DuckDb, type Engine, quotedName } from "./engine.js";
import { registryRevisions } from "./registry-revisions.js";
import { type Column, type ColumnValue, type Cost, REGISTRY_TABLES, type RegistryTable } from "./registry-tables.js";
import { SCHEMA, type Statement } from "./statement.js";

/** What a statement asks of a registry. */
export interface RegistryQuestion {
  readonly registry: OpenRegistry;
  readonly statement: Pick<Statement, "registryTables" | "mentions">;
  /** Whether entries and metadata are those of all revisions. */
  readonly isHistory: boolean;
  readonly signal: AbortSignal | undefined;
}

/** So many rows go to the engine at once: as many as it works on at once. */
const ROWS_AT_ONCE = 2048;

/**
 * Fills the tables of the schema `t4` that a statement names, with the columns that it may read. Costs one listing of the
 * registry and a small read per package; one per revision for what needs them all; and one pass over a manifest per package
 * or revision for what is in them, which is checked.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when a manifest that is needed is damaged.
 */
export async function fillTables(engine: Engine, question: RegistryQuestion): Promise<void> {
  const { statement } = question;
  for (const name of statement.registryTables) {
    if (!Object.hasOwn(REGISTRY_TABLES, name)) throw noTable(name);
  }
  await engine.run(`create schema ${SCHEMA}`);
  for (const name of statement.registryTables) {
    await fillTable(engine, name, question);
  }
}

async function fillTable(engine: Engine, name: string, question: RegistryQuestion): Promise<void> {
  const { registry, statement, signal } = question;
  const table = REGISTRY_TABLES[name] as RegistryTable;
  const names = columnsOf(table, statement.mentions);
  const columns = names.map((column) => table.columns[column] as Column<unknown>);
  const types = names.map((column, i) => `${quotedName(column)} ${columnType(columns[i] as Column<unknown>)}`);
  await engine.run(`create table ${SCHEMA}.${name} (${types.join(", ")})`);
  const appender = await engine.connection.createAppender(name, SCHEMA);
  const rows = rowBuffer(engine.duckdb, appender, columns);
  const isHistory = table.isHistory || question.isHistory;
  for await (const revision of registryRevisions(registry, { isHistory, costs: costsOf(table, columns), signal })) {
    for (const row of table.rows(revision)) {
      if (!rows.add(row)) continue;
      // Lets Ctrl-C through, which reading local files does not.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  }
  rows.flush();
  appender.closeSync();
}

/** A table needs one column: how many rows there are shows in any. */
function columnsOf(table: RegistryTable, mentions: (column: string) => boolean): string[] {
  return Object.keys(table.columns).filter((name, i) => i === 0 || mentions(name));
}

function costsOf(table: RegistryTable, columns: readonly Column<unknown>[]): ReadonlySet<Cost> {
  return new Set([table, ...columns].flatMap(({ cost }) => (cost === undefined ? [] : [cost])));
}

function columnType({ type }: Column<unknown>): string {
  return type === "HASH" ? "struct(type varchar, value varchar)" : type;
}

interface RowBuffer {
  /** Whether that made rows go to the engine. */
  add(row: unknown): boolean;
  flush(): void;
}

/** Gathers rows column by column. */
function rowBuffer(duckdb: DuckDb, appender: DuckDBAppender, columns: readonly Column<unknown>[]): RowBuffer {
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

function noTable(name: string): T4Error {
  const known = Object.keys(REGISTRY_TABLES);
  const near = nearest(name, known);
  return new T4Error("ERR_T4_USAGE", `There is no table ${SCHEMA}.${name}.`, {
    hint:
      near === undefined
        ? `There are ${known.map((each) => `${SCHEMA}.${each}`).join(", ")}.`
        : `Did you mean ${SCHEMA}.${near}?`,
  });
}
