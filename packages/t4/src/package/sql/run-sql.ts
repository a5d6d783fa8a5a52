import type { DuckDBValue } from "@duckdb/node-api";
import type { LongOperationOptions } from "../../base/progress.js";
import { checkOptions, LONG } from "../check-options.js";
import type { BrowseOptions } from "../package-options.js";
import { openLocation } from "../registry-location.js";
import { type Engine, openEngine, quotedName } from "./engine.js";
import { type FileTable, packageTables } from "./package-tables.js";
import { placeFiles } from "./place-files.js";
import { makePrivateDirectory, type PrivateDirectory } from "./private-directory.js";
import { SqlResult } from "./sql-result.js";
import { parseStatement, type Statement } from "./statement.js";

/** Options of {@link sql}. */
export interface SqlOptions extends Omit<BrowseOptions, "topHash">, LongOperationOptions {
  /** Values for `$1`, `$2` … in the statement. Default none. */
  readonly parameters?: readonly (null | boolean | number | bigint | string)[];
  /** Whether `t4.entries` and `t4.metadata` are of all revisions; else they are of each package's latest. Default `false`. */
  readonly history?: boolean;
}

/**
 * Runs one SQL statement that reads, on files of packages.
 *
 * A table is a file in quotes: `'<author>/<package>/<file>'` of the latest revision, `'<author>/<package>@<revision>/<file>'`, or
 * a `quilt+s3://` URI. Parquet, CSV, TSV, JSON and JSON Lines are read, but for Parquet also as `.gz` and `.zst`. The dialect
 * is that of DuckDB, which has to be installed: `npm install @duckdb/node-api`.
 *
 * `t4.packages`, `t4.revisions`, `t4.entries` and `t4.metadata` are tables about the whole registry, of which only what the
 * statement needs is read.
 *
 * Each file is copied into a private directory of your cache and verified before anything reads it, and removed with the result.
 * The statement can read nothing else, write nothing and load nothing, whoever wrote it.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a statement that is no SQL, reads a table or column that is not there, or does more
 * than read; `ERR_T4_UNSAFE` for one that would reach files beside the packages; `ERR_T4_NOT_FOUND`, `ERR_T4_INTEGRITY` as for
 * {@link PackageEntry.bytes}; `ERR_T4_FORMAT` for a file that is not what its ending says; `ERR_T4_UNSUPPORTED` for one of another
 * ending, or without DuckDB.
 *
 * @example
 * ```ts
 * import { Package, sql } from "t4";
 * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\nRome,30\n");
 * await pkg.push("alice/weather", "./registry", { message: "First" });
 * const warm = await sql("select city from 'alice/weather/cities.csv' where celsius > $1", {
 *   registry: "./registry",
 *   parameters: [25],
 * });
 * console.log(await warm.toArray()); // [{ city: "Rome" }]
 * ```
 */
export async function sql(statement: string, options: SqlOptions = {}): Promise<SqlResult> {
  checkOptions(options, ["registry", "allowLocal", "trustBuckets", "parameters", "history", ...LONG]);
  return runStatement(statement, options, {
    files: ({ tables }) => packageTables(tables, options),
    fill: (engine, parsed) => fillFrom(engine, parsed, options),
  });
}

/** Options of `PackageEntry.select`. */
export type SelectOptions = Pick<SqlOptions, "parameters" | keyof LongOperationOptions>;

/** Runs a statement on one file, the table `entry`. */
export async function selectFrom(
  source: Pick<FileTable, "entry" | "access">,
  statement: string,
  options: SelectOptions = {},
): Promise<SqlResult> {
  checkOptions(options, ["parameters", ...LONG]);
  return runStatement(statement, options, { files: async () => [{ name: "entry", ...source }] });
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
    directory = makePrivateDirectory();
    const placed = await placeFiles(tables, directory.path, options);
    const paths = placed.map(({ path }) => path);
    const names = placed.map(({ name, path }) => [path, name] as const);
    await engine.lock(paths, `${directory.path}/spill`);
    if (statement.registryTables.length > 0) await fill?.(engine, statement);
    for (const { name, reader } of placed) {
      const view = `create view ${quotedName(name)} as select * from ${reader}`;
      await engine.doing(async () => void (await engine.connection.run(view)), names);
    }
    const count = await engine.doing(() => compute(engine, statement.query, options.parameters), names);
    const result = await engine.doing(() => engine.connection.stream(`from ${RESULT}`));
    return SqlResult.of(result, { engine, count, release });
  } catch (error) {
    release();
    throw error;
  }
}

async function fillFrom(
  engine: Engine,
  statement: Statement,
  { registry: location, history: isHistory = false, signal }: SqlOptions,
): Promise<void> {
  const registry = await openLocation(location);
  registry.place.requireThere();
  const { fillTables } = await import("./fill-tables.js");
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
