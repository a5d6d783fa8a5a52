import type { LongOperationOptions } from "../../base/progress.js";
import type { ExportTable } from "./export-target.js";

/** What tables are written as: folders of Parquet files, or tables of Apache Iceberg. */
export type ExportFormat = "parquet" | "iceberg";

/** Options of {@link exportRegistry}. */
export interface ExportOptions extends Pick<LongOperationOptions, "signal"> {
  /** The registry. Default: your configured one, or your local one. */
  readonly registry?: string;
  /** What the tables are written as. Default `"parquet"`. */
  readonly to?: ExportFormat;
  /** Writes nothing, only counts what is new. Default `false`. */
  readonly dryRun?: boolean;
}

/** What an export did. */
export interface ExportReport {
  /** Where the tables are: the absolute path of a folder, or `s3://bucket[/prefix]`. */
  readonly location: string;
  /** Revisions that the registry lists. */
  readonly revisions: number;
  /** Top hashes that the export did not have yet. */
  readonly added: number;
  /** What engines find each table by: of Parquet the URL of its folder, of Iceberg that of its newest metadata file. */
  readonly tables: Readonly<Record<ExportTable, string>>;
}

/**
 * Writes the packages of a registry as tables into a folder or a bucket, for Athena, Trino, Spark and whatever reads Parquet or Apache
 * Iceberg; needs DuckDB (`npm install @duckdb/node-api`).
 *
 * `package_revision` (pkg_name, timestamp, top_hash) and `package_tag` (pkg_name, tag_name, top_hash; `latest` is one) are replaced
 * each time. `package_manifest` (top_hash, message, metadata, entries, size) and `package_entry` (top_hash, logical_key,
 * physical_key, size, hash, metadata) get a part with the revisions that they have not yet, and keep those that the registry took
 * out since. Names are those of Quilt's tables. As Iceberg, in format version 2 and without partitions, a part is a snapshot that appends,
 * and tables that changed get a snapshot that overwrites.
 *
 * Costs two listings of the registry's packages, one of the pointers of each, a small read per revision, tag and package, the top hashes
 * of the parts that are there, and one pass over each new manifest, which is checked. Readers see each table whole, as it was or as it
 * is; broken off or killed, the next export goes on after the last part. Several may export to one place at the same time: none adds what
 * another one has added.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` for a damaged manifest, `ERR_T4_UNSUPPORTED` without DuckDB, for a bucket that keeps no
 * conditions on writes, and for Iceberg tables that no export made; `ERR_T4_USAGE` where tables of the other format are;
 * `ERR_T4_NOT_FOUND` for an export from which somebody removed files.
 *
 * @example
 * ```ts
 * import { exportRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry", { message: "First" });
 * const { added } = await exportRegistry("./tables", { registry: "./registry" });
 * console.log(added); // 1
 * const iceberg = await exportRegistry("./iceberg", { registry: "./registry", to: "iceberg" });
 * console.log(iceberg.tables.package_entry); // file:///…/package_entry/metadata/v2.metadata.json
 * ```
 */
export async function exportRegistry(dest: string, options: ExportOptions = {}): Promise<ExportReport> {
  const { runExport } = await import("./run-export.js");
  return runExport(dest, options);
}
