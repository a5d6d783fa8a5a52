import type { LongOperationOptions } from "../../base/progress.js";

/** Options of {@link exportRegistry}. */
export interface ExportOptions extends Pick<LongOperationOptions, "signal"> {
  /** The registry. Default: your configured one, or your local one. */
  readonly registry?: string;
  /** Writes nothing, only counts what is new. Default `false`. */
  readonly dryRun?: boolean;
}

/** What an export did. */
export interface ExportReport {
  /** The folder, absolute. */
  readonly directory: string;
  /** Revisions that the registry lists. */
  readonly revisions: number;
  /** Top hashes that the export did not have yet. */
  readonly added: number;
}

/**
 * Writes the packages of a registry as Parquet tables into a folder, for Athena, Trino, Spark and whatever reads Parquet; needs
 * DuckDB (`npm install @duckdb/node-api`).
 *
 * `package_revision` (pkg_name, timestamp, top_hash) and `package_tag` (pkg_name, tag_name, top_hash; `latest` is one) are replaced
 * each time. `package_manifest` (top_hash, message, metadata, entries, size) and `package_entry` (top_hash, logical_key,
 * physical_key, size, hash, metadata) get a part with the revisions that they have not yet, and keep those that the registry took
 * out since. Names are those of Quilt's tables.
 *
 * Costs two listings of the registry's packages, one of the pointers of each, a small read per revision, tag and package, the top hashes
 * of the parts that are there, and one pass over each new manifest, which is checked. Files are
 * written beside their names and renamed; broken off or killed, the next export goes on after the last part.
 *
 * @throws {@link T4Error} `ERR_T4_BUSY` while another export writes there, `ERR_T4_INTEGRITY` for a damaged manifest,
 * `ERR_T4_UNSUPPORTED` without DuckDB, and for a destination that is no folder.
 *
 * @example
 * ```ts
 * import { exportRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry", { message: "First" });
 * const { added } = await exportRegistry("./tables", { registry: "./registry" });
 * console.log(added); // 1
 * ```
 */
export async function exportRegistry(dest: string, options: ExportOptions = {}): Promise<ExportReport> {
  const { runExport } = await import("./run-export.js");
  return runExport(dest, options);
}
