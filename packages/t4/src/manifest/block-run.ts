import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import type { EntryRun } from "./entry-run.js";
import { readLineChunks } from "./line-reader.js";
import type { RangeReader } from "./range-reader.js";
import { decodeRow } from "./row.js";

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
}

/** A sorted file of rows, read through its block index: entries exist as objects only while they are looked at. */
export function blockRun(reader: RangeReader, index: BlockIndex): EntryRun {
  function* entries(from?: string): Generator<Entry, void, undefined> {
    const start = from === undefined ? index.offsets[0] : index.offsets[blockOf(index, from)];
    if (start === undefined) return;
    for (const entry of decodeRows(reader, start, index.end)) {
      if (from === undefined || compareLogicalKeys(entry.logicalKey, from) >= 0) yield entry;
    }
  }
  return {
    count: index.count,
    get(logicalKey) {
      const block = blockOf(index, logicalKey);
      const start = index.offsets[block];
      if (start === undefined) return undefined;
      for (const entry of decodeRows(reader, start, index.offsets[block + 1] ?? index.end)) {
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

function* decodeRows(reader: RangeReader, start: number, end: number): Generator<Entry, void, undefined> {
  for (const { text } of readLineChunks(reader, start, end)) {
    for (let at = 0; at < text.length; ) {
      const newline = text.indexOf("\n", at);
      const line = text.slice(at, newline === -1 ? text.length : newline);
      at += line.length + 1;
      const entry = line.trim() === "" ? undefined : decodeRow(line);
      if (entry !== undefined) yield entry;
    }
  }
}
