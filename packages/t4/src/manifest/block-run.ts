import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { sha256 } from "../hash/sha256.js";
import type { EntryRun } from "./entry-run.js";
import type { RangeReader } from "./range-reader.js";

/** Rows per block: a look-up reads one block, so this trades index size against reading. */
export const ROWS_PER_BLOCK = 256;

/** Where the blocks of a sorted file of rows are. */
export interface BlockIndex {
  /** First logical key of each block, ascending. */
  readonly firstKeys: readonly string[];
  /** Byte offset of each block. */
  readonly offsets: readonly number[];
  /** Byte offset behind the last block. */
  readonly end: number;
  /** Rows in all blocks. */
  readonly count: number;
  /** SHA-256 of each block; absent where nobody else can write, in memory of our own. */
  readonly digests?: readonly Uint8Array[];
}

/** Reads one line as an entry; `undefined` for one that is none. */
export type DecodeLine = (line: string) => Entry | undefined;

/**
 * A sorted file of rows, read through its block index: entries exist as objects only while they are looked at.
 *
 * With digests, reading throws a {@link T4Error} `ERR_T4_INTEGRITY` when a block is not what it was when it was indexed.
 */
export function blockRun(reader: RangeReader, index: BlockIndex, decode: DecodeLine): EntryRun {
  function* entries(from?: string): Generator<Entry, void, undefined> {
    for (let block = from === undefined ? 0 : blockOf(index, from); block < index.offsets.length; block++) {
      for (const entry of decodeRows(readBlock(reader, index, block), decode)) {
        if (from === undefined || compareLogicalKeys(entry.logicalKey, from) >= 0) yield entry;
      }
    }
  }
  return {
    count: index.count,
    get(logicalKey) {
      const block = blockOf(index, logicalKey);
      if (block >= index.offsets.length) return undefined;
      for (const entry of decodeRows(readBlock(reader, index, block), decode)) {
        if (entry.logicalKey === logicalKey) return entry;
      }
      return undefined;
    },
    entries,
  };
}

/** The last block whose first key is ≤ `key`, or 0. */
function blockOf(index: BlockIndex, key: string): number {
  let low = 0;
  let high = index.firstKeys.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (compareLogicalKeys(index.firstKeys[middle] as string, key) <= 0) low = middle;
    else high = middle;
  }
  return low;
}

/** The text of one block, whose bytes are what they were when it was indexed. */
function readBlock(reader: RangeReader, index: BlockIndex, block: number): string {
  const start = index.offsets[block] as number;
  const bytes = reader.read(start, (index.offsets[block + 1] ?? index.end) - start);
  const expected = index.digests?.[block];
  if (expected !== undefined && !isEqual(sha256(bytes), expected)) throw changed(start, bytes.length);
  return decoder.decode(bytes);
}

// Only lines that were valid UTF-8 when they were indexed get here.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function changed(offset: number, length: number): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `The manifest was changed while it was open: its ${length} bytes from byte ${offset} are not those that were checked.`,
    { hint: "Open the package again, and find out who writes to its registry: manifests never change." },
  );
}

function* decodeRows(text: string, decode: DecodeLine): Generator<Entry, void, undefined> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const line = text.slice(at, newline === -1 ? text.length : newline);
    at += line.length + 1;
    const entry = line.trim() === "" ? undefined : decode(line);
    if (entry !== undefined) yield entry;
  }
}
