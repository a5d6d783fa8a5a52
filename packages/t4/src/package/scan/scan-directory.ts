import { DEFAULT_HASH, digestFromHashValue } from "../../hash/hasher.js";
import { pairEntries } from "../../manifest/merge-runs.js";
import { realPath } from "../../store/file/local-file.js";
import { changedMs, type Stamp } from "../../transfer/stamp.js";
import { type WalkedFile, type WalkOptions, walkDirectory } from "../../transfer/walk-directory.js";
import { cachePath } from "../cache-file.js";
import { readScanTable, writeScanTable } from "./scan-cache.js";
import {
  createScanTable,
  EMPTY_SCAN_TABLE,
  NO_DIGEST,
  rowOf,
  type ScanTable,
  type ScanTableBuilder,
} from "./scan-table.js";

/** A directory's files as they were found, with the hashes that earlier scans of it know. */
export interface Scan {
  /** Absolute path of the directory, links resolved. */
  readonly root: string;
  readonly table: ScanTable;
  /** Paths of the files that links stand for, by row. */
  readonly targets: ReadonlyMap<number, string>;
  /**
   * Takes down a file's `sha2-256-chunked`, for this scan and, after `save`, for those to come.
   *
   * A file that was changed so shortly before its hash was taken that the clock may not show the next change is left
   * out: git's rule for racily clean files.
   */
  record(key: string, known: { readonly stamp: Stamp; readonly value: string; readonly hashedAtMs: number }): void;
  /** Writes what is known to the user's cache, atomically, if there is news. */
  save(): void;
}

/** File systems keep times in steps of up to two seconds (FAT); most are finer, but a wrong hash would be forever. */
const RACY_MS = 2500;

/**
 * Walks a directory and joins its files with those that the last scan left in the cache: both are in tree order.
 *
 * Costs one `lstat` per file. While nothing differs the cached table is used as it is, and `save` writes nothing.
 *
 * @throws what {@link walkDirectory} throws.
 */
export function scanDirectory(directory: string, options: WalkOptions = {}): Scan {
  // That there is none, the walk says.
  const root = realPath(directory);
  const cache = cacheOf(root);
  const cached = readScanTable(cache) ?? EMPTY_SCAN_TABLE;
  const targets = new Map<number, string>();
  const table = joinTable(cached, noteTargets(walkDirectory(directory, options), targets));
  let isNews = table !== cached;
  let next = 0;
  return {
    root,
    table,
    targets,
    record(key, { stamp, value, hashedAtMs }) {
      // Files are hashed in order, so it is mostly the next row.
      const row = next < table.count && table.key(next) === key ? next : rowOf(table, key);
      const digest = digestFromHashValue(DEFAULT_HASH, value);
      if (row === undefined || digest === undefined || !table.isStamped(row, stamp)) return;
      next = row + 1;
      if (hashedAtMs - changedMs(stamp) < RACY_MS) return;
      table.setDigest(row, digest);
      isNews = true;
    },
    save() {
      if (isNews) writeScanTable(cache, table);
      isNews = false;
    },
  };
}

/** Where the user's cache has what is known of a directory, by its real path: links may lead to it, too. */
function cacheOf(root: string): string {
  return cachePath("scans", root);
}

/**
 * Forgets the hashes of files that were read and are not what they should be: what was written through a memory map may leave
 * no trace in a file's times, and the next scan has to read it.
 */
export function forgetHashes(directory: string, keys: readonly string[]): void {
  const cache = cacheOf(realPath(directory));
  const table = keys.length === 0 ? undefined : readScanTable(cache);
  if (table === undefined) return;
  for (const key of keys) {
    const row = rowOf(table, key);
    if (row !== undefined) table.setDigest(row, NO_DIGEST);
  }
  writeScanTable(cache, table);
}

function* noteTargets(
  files: Iterable<WalkedFile>,
  targets: Map<number, string>,
): Generator<WalkedFile, void, undefined> {
  let row = 0;
  for (const file of files) {
    if (file.isLink) targets.set(row, file.path);
    row++;
    yield file;
  }
}

/** The files as a table, with the hashes of those that are as in `cached`; `cached` itself when all are. */
function joinTable(cached: ScanTable, files: Iterable<WalkedFile>): ScanTable {
  let builder: ScanTableBuilder | undefined;
  let sameRows = 0;
  for (const { logicalKey: key, left, right: file } of pairEntries(rowsOf(cached), keyed(files))) {
    const digest = left !== undefined && file !== undefined ? knownDigest(cached, left.row, file.stamp) : undefined;
    if (builder === undefined && digest !== undefined) {
      sameRows++;
      continue;
    }
    builder ??= createScanTable(cached, sameRows);
    if (file !== undefined) builder.add({ key, stamp: file.stamp, digest: digest ?? NO_DIGEST });
  }
  return builder?.finish() ?? cached;
}

/** The hash in a row, if the file is as it was; all zeros where it never was hashed. */
function knownDigest(cached: ScanTable, row: number, stamp: Stamp): Uint8Array | undefined {
  return cached.isStamped(row, stamp) ? cached.digest(row) : undefined;
}

function* rowsOf(table: ScanTable): Generator<{ readonly logicalKey: string; readonly row: number }, void, undefined> {
  for (let row = 0; row < table.count; row++) yield { logicalKey: table.key(row), row };
}

function* keyed(
  files: Iterable<WalkedFile>,
): Generator<{ readonly logicalKey: string; readonly stamp: Stamp }, void, undefined> {
  for (const { key, stamp } of files) yield { logicalKey: key, stamp };
}
