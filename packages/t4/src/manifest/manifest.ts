import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { parseHeaderLine } from "../format/manifest-line.js";
import { createTopHasher, type TopHash } from "../format/top-hash.js";
import { arrayRun } from "./array-run.js";
import { type BlockDigester, createBlockDigester } from "./block-digester.js";
import { blockRun, ROWS_PER_BLOCK } from "./block-run.js";
import type { EntryRun } from "./entry-run.js";
import { readLineChunks, utf8Length } from "./line-reader.js";
import type { RangeReader } from "./range-reader.js";
import { decodeLine, type Row, scanRow } from "./row.js";
import { requireAfter } from "./run-builder.js";

/** A manifest that was read whole once: its header in memory, its entries still in the file. */
export interface Manifest {
  readonly header: Header;
  /** Metadata of directories by path, without trailing slash; the root's is the header's `user_meta`. */
  readonly directories: ReadonlyMap<string, Json>;
  /** Computed from the content; `undefined` when an entry has no hash or size yet. */
  readonly topHash: TopHash | undefined;
  /** Bytes of all entries with a numeric size. */
  readonly totalBytes: number;
  /** The entries. */
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
 * the tree's are read into memory and sorted.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` with the line number when the file is no manifest.
 */
export function openManifest(reader: RangeReader): Manifest {
  const scan = scanManifest(reader);
  if (scan.sorted) {
    const { firstKeys, offsets, count, blocks } = scan;
    const index = { firstKeys, offsets, end: reader.size, count, digests: blocks.finish() };
    return finish(scan, {
      reader,
      run: blockRun(reader, index, decodeLine),
      topHash: scan.built ? scan.hasher.digest() : undefined,
    });
  }
  const run = sortedRun(reader);
  const hasher = createTopHasher();
  hasher.header(scan.header);
  if (scan.built) for (const entry of run.entries()) hasher.entry(entry);
  return finish(scan, { reader, run, topHash: scan.built ? hasher.digest() : undefined });
}

function finish(
  scan: Scan,
  parts: { readonly reader: RangeReader; readonly run: EntryRun; readonly topHash: TopHash | undefined },
): Manifest {
  const { reader, run, topHash } = parts;
  return {
    header: scan.header,
    directories: scan.directories,
    topHash,
    totalBytes: scan.totalBytes,
    run,
    isSorted: scan.sorted,
    close: () => reader.close(),
  };
}

/** What one pass has seen so far. */
interface Scan {
  header: Header;
  readonly directories: Map<string, Json>;
  readonly hasher: ReturnType<typeof createTopHasher>;
  readonly firstKeys: string[];
  readonly offsets: number[];
  readonly blocks: BlockDigester;
  count: number;
  totalBytes: number;
  built: boolean;
  sorted: boolean;
  lastKey: string;
  lineNumber: number;
}

function scanManifest(reader: RangeReader): Scan {
  const scan: Scan = {
    header: new Map(),
    directories: new Map(),
    hasher: createTopHasher(),
    firstKeys: [],
    offsets: [],
    blocks: createBlockDigester(),
    count: 0,
    totalBytes: 0,
    built: true,
    sorted: true,
    lastKey: "",
    lineNumber: 0,
  };
  let blankLine = 0;
  for (const { line, offset } of readLines(reader, scan.blocks)) {
    scan.lineNumber++;
    if (line.trim() === "") {
      blankLine ||= scan.lineNumber;
      continue;
    }
    // Blank lines at the end do no harm; elsewhere the file is damaged.
    if (blankLine > 0) throw new T4Error("ERR_T4_FORMAT", `Invalid manifest: line ${blankLine} is blank.`);
    if (scan.lineNumber === 1) scan.header = parseHeaderLine(line.replace(/^\uFEFF/, ""));
    else scanLine(scan, line, offset);
    if (scan.lineNumber === 1) scan.hasher.header(scan.header);
  }
  if (scan.lineNumber === 0 || blankLine === 1)
    throw new T4Error("ERR_T4_FORMAT", "Invalid manifest: the file is empty.");
  return scan;
}

function scanLine(scan: Scan, line: string, offset: number): void {
  const row = scanRow(line, scan.lineNumber);
  if (!("kind" in row)) scanEntry(scan, row, offset);
  else if (row.kind === "directory") scan.directories.set(row.path, row.meta);
  else applyRootMeta(scan, row.meta);
}

function scanEntry(scan: Scan, row: Row, offset: number): void {
  if (scan.count > 0) {
    if (scan.sorted && compareLogicalKeys(scan.lastKey, row.logicalKey) > 0) scan.sorted = false;
    if (scan.sorted) requireDistinct(scan.lastKey, row.logicalKey);
  }
  if (scan.count % ROWS_PER_BLOCK === 0) {
    scan.firstKeys.push(row.logicalKey);
    scan.offsets.push(offset);
    scan.blocks.start(offset);
  }
  scan.lastKey = row.logicalKey;
  scan.count++;
  scan.totalBytes += row.bytes ?? 0;
  const canonical = row.canonical();
  if (canonical === undefined) scan.built = false;
  else if (scan.sorted && scan.built) scan.hasher.canonical(canonical);
}

/** A directory line with a key that has no slash means the root: as in Quilt 3 it replaces the package's metadata. */
function applyRootMeta(scan: Scan, meta: Json): void {
  scan.header = new Map(scan.header).set("user_meta", meta);
  // The header was hashed before this line was seen: take the path that hashes again.
  scan.sorted = false;
}

function requireDistinct(last: string, next: string): void {
  try {
    requireAfter(last, next);
  } catch (cause) {
    throw new T4Error(
      "ERR_T4_FORMAT",
      `Invalid manifest: the key ${JSON.stringify(next)} clashes with ${JSON.stringify(last)}.`,
      {
        cause,
        facts: { logicalKey: next, other: last },
      },
    );
  }
}

function sortedRun(reader: RangeReader): EntryRun {
  const entries: Entry[] = [];
  let lineNumber = 0;
  for (const { line } of readLines(reader)) {
    const entry = lineNumber++ === 0 || line.trim() === "" ? undefined : decodeLine(line);
    if (entry !== undefined) entries.push(entry);
  }
  entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey));
  for (let i = 1; i < entries.length; i++) {
    requireDistinct((entries[i - 1] as Entry).logicalKey, (entries[i] as Entry).logicalKey);
  }
  return arrayRun(entries);
}

function* readLines(
  reader: RangeReader,
  blocks?: BlockDigester,
): Generator<{ readonly line: string; readonly offset: number }, void, undefined> {
  for (const { text, offset, byteLength, bytes } of readLineChunks(reader)) {
    blocks?.chunk(bytes, offset);
    const isAscii = byteLength === text.length;
    let byteOffset = offset;
    for (let at = 0; at < text.length; ) {
      const newline = text.indexOf("\n", at);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(at, end);
      yield { line, offset: byteOffset };
      byteOffset += (isAscii ? line.length : utf8Length(line)) + 1;
      at = end + 1;
    }
    blocks?.chunkEnd();
  }
}
