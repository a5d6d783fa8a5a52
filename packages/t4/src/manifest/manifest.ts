import { T4Error } from "../base/errors.js";
import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import type { TopHash } from "../format/top-hash.js";
import { sha256 } from "../hash/sha256.js";
import { blockRun, sameBytes } from "./block-run.js";
import type { EntryRun } from "./entry-run.js";
import type { ManifestIndex } from "./manifest-index.js";
import { memoryReader } from "./memory-reader.js";
import type { RangeReader } from "./range-reader.js";
import { decodeLine } from "./row.js";
import { type ScannedManifest, scanManifest } from "./scan-manifest.js";
import { sortManifest } from "./sorted-reader.js";

/** A manifest that was checked whole: its header in memory, its entries still in the file. */
export interface Manifest {
  readonly header: Header;
  /** Metadata of directories by path, without trailing slash; the root's is the header's `user_meta`. */
  readonly directories: ReadonlyMap<string, Json>;
  /** Computed from the content; `undefined` when an entry has no hash or size yet. */
  readonly topHash: TopHash | undefined;
  /** Bytes of all entries with a numeric size. */
  readonly totalBytes: number;
  /** The entries. Reading them throws `ERR_T4_INTEGRITY` when the file is not what was checked any more. */
  readonly run: EntryRun;
  /** Whether its lines are in the tree's order, as T4 writes them. */
  readonly isSorted: boolean;
  /** Releases the file. */
  close(): void;
}

/**
 * Reads a manifest in one pass that computes the top hash, checks keys and indexes the rows.
 *
 * Costs about a second and 10 MiB for a million entries; the file stays open until `close`. Rows in another order than
 * the tree's cost about 100 bytes of memory each, and several times as long.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` with the line number when the file is no manifest.
 */
export function openManifest(reader: RangeReader): Manifest {
  return openWithIndex(reader).manifest;
}

/** A manifest with an index of it, by which it can be opened the next time without being read whole. */
export interface IndexedManifest {
  readonly manifest: Manifest;
  /** `undefined` when the manifest cannot be opened by an index. */
  readonly index: ManifestIndex | undefined;
}

/** Reads a manifest as {@link openManifest} does. */
export function openWithIndex(reader: RangeReader): IndexedManifest {
  const scan = scanManifest(reader);
  if (scan === undefined) return { manifest: openUnsorted(reader), index: undefined };
  const { headDigest, isHeadComplete, topHash, totalBytes, table } = scan;
  const index = isHeadComplete && topHash !== undefined ? { headDigest, topHash, totalBytes, table } : undefined;
  return { manifest: manifestOf(scan, reader), index };
}

/**
 * Opens a manifest by an index of it: reads what stands before the first entry, and of the entries only what is looked
 * at, each block checked against its digest. `undefined` when the file is not what was indexed.
 *
 * The index is trusted: it says what the top hash's content is.
 */
export function openByIndex(reader: RangeReader, index: ManifestIndex): Manifest | undefined {
  const { topHash, totalBytes, headDigest, table } = index;
  const headBytes = table.offset(0);
  if (reader.size !== table.offset(table.length)) return undefined;
  const head = reader.read(0, headBytes).slice();
  if (!sameBytes(sha256(head), headDigest)) return undefined;
  const scan = scanManifest(memoryReader(head));
  return scan && manifestOf({ ...scan, topHash, totalBytes, table }, reader);
}

function openUnsorted(reader: RangeReader): Manifest {
  const { header, directories, rows } = sortManifest(reader);
  const scan = scanManifest(rows, header);
  if (scan !== undefined) return { ...manifestOf({ ...scan, directories }, rows), isSorted: false };
  throw new T4Error("ERR_T4_INTEGRITY", "The manifest was changed while it was read.", { hint: "Try again." });
}

function manifestOf(
  { header, directories, topHash, totalBytes, table }: Omit<ScannedManifest, "headDigest" | "isHeadComplete">,
  reader: RangeReader,
): Manifest {
  const run = blockRun(reader, table, decodeLine);
  return { header, directories, topHash, totalBytes, run, isSorted: true, close: () => reader.close() };
}
