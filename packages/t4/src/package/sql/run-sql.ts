import type { DuckDBValue } from "@duckdb/node-api";
import { checkOptions, LONG } from "../check-options.js";
import { makePrivateDirectory, type PrivateDirectory } from "../private-directory.js";
import { openLocation } from "../registries/registry-location.js";
import { type Engine, openEngine, quotedName } from "./engine.js";
import { fillTables } from "./fill-tables.js";
import { exactPath } from "./json-source.js";
import { type FileTable, packageTables } from "./package-tables.js";
import { type PlacedTable, placeFiles } from "./place-files.js";
import { watchQuery } from "./query-progress.js";
import { selectOf } from "./source-file.js";
import type { SelectOptions, SqlOptions } from "./sql.js";
import { SqlResult } from "./sql-result.js";
import { parseStatement, type Statement } from "./statement.js";

/** Runs a statement on the packages and tables that it names. */
export async function runSql(statement: string, options: SqlOptions): Promise<SqlResult> {
  checkOptions(options, ["registry", "allowLocal", "trustBuckets", "parameters", "history", ...LONG]);
  return runStatement(statement, options, {
    files: ({ tables }) => packageTables(tables, options),
    fill: (engine, parsed) => fillFrom(engine, parsed, options),
  });
}

/** Runs a statement on one file. */
export async function selectFrom(table: FileTable, statement: string, options: SelectOptions = {}): Promise<SqlResult> {
  checkOptions(options, ["parameters", ...LONG]);
  return runStatement(statement, options, { files: async () => [table] });
}

/** Where the tables of a statement come from. */
interface Sources {
  readonly files: (statement: Statement) => Promise<readonly FileTable[]>;
  /** Makes tables about a registry; absent: there is none. */
  readonly fill?: (engine: Engine, statement: Statement) => Promise<void>;
}

/** Runs a statement on the tables that it names. */
async function runStatement(text: string, options: SelectOptions, { files, fill }: Sources): Promise<SqlResult> {
  const engine = await openEngine(options.signal);
  let directory: PrivateDirectory | undefined;
  const release = (): void => {
    engine.close();
    directory?.remove();
  };
  try {
    const statement = await parseStatement(engine, text);
    const tables = await files(statement);
    directory = makePrivateDirectory("sql");
    const placed = await placeFiles(tables, directory.path, options);
    const paths = placed.flatMap(({ path }) => [path, exactPath(path)]);
    const names = placed.map(({ name, path }) => [path, name] as const);
    await engine.lock(paths, `${directory.path}/spill`);
    if (statement.registryTables.length > 0) await fill?.(engine, statement);
    const entries = placed.map(({ entry }) => entry);
    const count = await watchQuery(engine, { entries, onProgress: options.onProgress }, async () => {
      for (const table of placed) await engine.doing(() => open(engine, table, { ...options, ...statement }), names);
      return engine.doing(() => compute(engine, statement.query, options.parameters), names);
    });
    const result = await engine.doing(() => engine.connection.stream(`from ${RESULT}`));
    return SqlResult.of(result, { engine, count, release });
  } catch (error) {
    release();
    throw error;
  }
}

/** Makes a table of a file: a view of it where DuckDB reads it itself. */
async function open(
  engine: Engine,
  table: PlacedTable,
  { mentions, signal }: Pick<Statement, "mentions"> & Pick<SelectOptions, "signal">,
): Promise<void> {
  const { name, reader, path, entry } = table;
  if (reader !== undefined) {
    const file = { reader, path, logicalKey: entry.logicalKey };
    const rows = await selectOf(engine, file, { mentions, signal });
    await engine.connection.run(`create view ${quotedName(name)} as ${rows}`);
    return;
  }
  const { fillFile } = await import("./fill-file.js");
  await fillFile(engine, table, { mentions, signal });
}

async function fillFrom(
  engine: Engine,
  statement: Statement,
  { registry: location, history: isHistory = false, signal }: SqlOptions,
): Promise<void> {
  const registry = await openLocation(location);
  registry.place.requireThere();
  await fillTables(engine, { registry, statement, isHistory, signal });
}

/** Where the rows of a result are; no statement can name it before it is there. */
const RESULT = quotedName("t4 result");

/**
 * Computes all rows, which go to the disk where they do not fit into memory, and resolves to their number. Streaming them
 * would be quicker, but when a stream fails half-way DuckDB's library says nothing and ends it.
 */
async function compute(engine: Engine, query: string, parameters: readonly DuckDBValue[] = []): Promise<bigint> {
  const table = `create temp table ${RESULT} as (\n${query}\n)`;
  const rows = await (await engine.connection.run(table, [...parameters])).getRows();
  return BigInt(String(rows[0]?.[0]));
}
