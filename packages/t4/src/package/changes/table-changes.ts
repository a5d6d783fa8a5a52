import type { RowChange } from "../../content/diff-rows.js";
import type { Column } from "../../content/format.js";
import { checkOptions } from "../check-options.js";
import type { PackageEntry } from "../package-entry.js";
import type { PackageDiff } from "./diff-packages.js";
import type { EntryPair } from "./diff-tables.js";

/** How the rows of tables are compared. */
export interface RowsDiffOptions {
  /** Compares rows instead of files. */
  readonly rows: true;
  /** Columns whose values together are in no row twice. Default: none, a row is the same or not. */
  readonly key?: readonly string[] | undefined;
  /** Logical keys of the files to compare, or of directories. Default: all. */
  readonly paths?: readonly string[] | undefined;
  /** Ends the comparison, with its reason. */
  readonly signal?: AbortSignal;
}

/** Columns that only one of two states of a table has, by their names; said before the rows. */
export interface ColumnsChanged {
  /** What differs. */
  readonly kind: "columns";
  /** New ones. */
  readonly added: readonly Column[];
  /** Those that are gone. */
  readonly removed: readonly Column[];
}

/** A file that differs and is no table. */
export interface FileSkipped {
  /** Its bytes differ; in one of its states they cannot be read as rows. */
  readonly kind: "skipped";
}

/** A file. */
export interface InFile {
  /** Its path inside the packages. */
  readonly logicalKey: string;
}

/** What differs between two states of a table. */
export type TableChange = InFile & (RowChange | ColumnsChanged | FileSkipped);

/** What is asked of a package. */
interface Compared {
  hashPending(options: { readonly signal?: AbortSignal }): Promise<unknown>;
  entry(logicalKey: string): PackageEntry;
}

/** Compares the rows of files that differ; what reads tables is loaded when it is asked for. */
export async function* tableChanges<Package extends Compared & { diff(other: Package): PackageDiff }>(
  before: Package,
  after: Package,
  options: RowsDiffOptions,
): AsyncGenerator<TableChange, void, undefined> {
  checkOptions(options, ["rows", "key", "paths", "signal"]);
  const { paths = [""], signal } = options;
  // Of what has no hash it is not known whether it differs.
  for (const pkg of [before, after]) await pkg.hashPending(signal === undefined ? {} : { signal });
  const isWanted = (key: string): boolean =>
    paths.some((path) => path === "" || key === path || key.startsWith(`${path}/`));
  const pairs = before
    .diff(after)
    .modified.filter(isWanted)
    .map((key): EntryPair => ({ before: before.entry(key), after: after.entry(key) }));
  const { diffTables } = await import("./diff-tables.js");
  yield* diffTables(pairs, options);
}
