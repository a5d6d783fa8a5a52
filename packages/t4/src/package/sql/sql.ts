import type { LongOperationOptions } from "../../base/progress.js";
import type { BrowseOptions } from "../package-options.js";
import type { SqlResult } from "./sql-result.js";

/** Options of {@link sql}. */
export interface SqlOptions extends Omit<BrowseOptions, "topHash" | "manifestDigest">, LongOperationOptions {
  /** Values for `$1`, `$2` … in the statement. Default none. */
  readonly parameters?: readonly (null | boolean | number | bigint | string)[];
  /** Whether `t4.entries` and `t4.metadata` are of all revisions; else they are of each package's latest. Default `false`. */
  readonly history?: boolean;
}

/** Options of `PackageEntry.select`. */
export type SelectOptions = Pick<SqlOptions, "parameters" | keyof LongOperationOptions>;

/**
 * Runs one SQL statement that reads, on files of packages.
 *
 * A table is a file in quotes: `'<author>/<package>/<file>'` of the latest revision, `'<author>/<package>@<revision>/<file>'`, or
 * a `quilt+s3://` URI. Every format that `rows` reads is a table, formats of your own too, also as `.gz` and `.zst`. The dialect is
 * that of DuckDB, which has to be installed: `npm install @duckdb/node-api`. It reads Parquet, CSV, TSV, JSON and JSON Lines itself;
 * of other files T4 makes tables in memory, and on the disk where that is short, of the columns that the statement names.
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
  const { runSql } = await import("./run-sql.js");
  return runSql(statement, options);
}
