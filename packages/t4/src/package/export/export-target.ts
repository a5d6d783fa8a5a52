/** Tables that only grow, by parts, in the order in which a part comes into them. */
export const GROWING = ["package_entry", "package_manifest"] as const;
/** Tables that are replaced. */
export const REPLACED = ["package_revision", "package_tag"] as const;
/** All tables of an export. */
export const EXPORT_TABLES: readonly ExportTable[] = [...GROWING, ...REPLACED];

/** A table that only grows. */
export type GrowingTable = (typeof GROWING)[number];
/** A table that is replaced. */
export type ReplacedTable = (typeof REPLACED)[number];
/** A table of an export. */
export type ExportTable = "package_entry" | "package_manifest" | "package_revision" | "package_tag";

/** A local Parquet file for each of some tables. */
export type TableFiles<Table extends ExportTable> = Readonly<Record<Table, string>>;

/**
 * The tables of an export, as they were when they were opened. Others may export to the same place: whatever stands on a state that
 * is no longer the present one is not done.
 */
export interface ExportTarget {
  /** Whether it wants a part even if that has no rows: of a table without files no engine knows the columns. */
  readonly wantsPart: boolean;
  /** Where engines find each table. */
  readonly tables: () => Readonly<Record<ExportTable, string>>;
  /** The revisions that it has, by their top hashes. Costs two small reads for each part. */
  readonly knownHashes: () => Promise<ReadonlySet<string>>;
  /**
   * Adds a part to the tables that grow, to all or to none of them: a part that a killed process left between them is added to the
   * second by whoever opens them next. `false`: others added one meanwhile, and nothing was done; open the tables anew.
   *
   * `id` is a UUID, which the file of `package_entry` has as its {@link PART_ID}.
   */
  readonly add: (id: string, files: TableFiles<GrowingTable>) => Promise<boolean>;
  /** Replaces the other tables. `false`: others replaced one meanwhile; open the tables anew, and look at the registry again. */
  readonly replace: (files: TableFiles<ReplacedTable>) => Promise<boolean>;
}

/** How a target is opened. */
export interface OpenTargetOptions {
  /** Writes nothing. */
  readonly isDryRun: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What a Parquet file says of which part it is. */
export const PART_ID = "t4_part";
