import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { sha256 } from "../hash/sha256.js";
import type { BlockTable } from "./block-table.js";
import type { EntryRun } from "./entry-run.js";
import type { RangeReader } from "./range-reader.js";

/** Reads one line as an entry; `undefined` for one that is none. */
export type DecodeLine = (line: string) => Entry | undefined;

/** A run whose blocks can be told apart without reading them. */
export interface BlockRun extends EntryRun {
  readonly table: BlockTable;
  /** Lines of one block; those of other things than entries among them. */
  lines(block: number): readonly string[];
  readonly decode: DecodeLine;
}

/** Decoded blocks that are kept: a look-up is often followed by one of a neighbour. */
const KEPT_BLOCKS = 8;
/** Blocks of longer text are not kept. */
const MAX_KEPT_UNITS = 256 * 1024;

/**
 * A sorted file of rows, read through its block table: entries exist as objects only while they are looked at.
 *
 * With digests, reading throws a {@link T4Error} `ERR_T4_INTEGRITY` when a block is not what it was when it was indexed.
 */
export function blockRun(reader: RangeReader, table: BlockTable, decode: DecodeLine): BlockRun {
  const kept = new Map<number, readonly Entry[]>();
  const lines = (block: number): readonly string[] => linesOf(readBlock(reader, table, block));
  const entriesOf = (block: number): readonly Entry[] => {
    const known = kept.get(block);
    if (known !== undefined) return known;
    const text = readBlock(reader, table, block);
    const entries = linesOf(text).flatMap((line) => decode(line) ?? []);
    if (text.length > MAX_KEPT_UNITS) return entries;
    kept.set(block, entries);
    if (kept.size > KEPT_BLOCKS) kept.delete(kept.keys().next().value as number);
    return entries;
  };
  return {
    count: table.count,
    table,
    lines,
    decode,
    get(logicalKey) {
      if (table.length === 0) return undefined;
      const entries = entriesOf(blockOf(table, logicalKey));
      const found = entries[firstAtLeast(entries, logicalKey)];
      return found?.logicalKey === logicalKey ? found : undefined;
    },
    *entries(from) {
      const first = from === undefined ? 0 : blockOf(table, from);
      for (let block = first; block < table.length; block++) {
        const entries = entriesOf(block);
        const start = from === undefined || block > first ? 0 : firstAtLeast(entries, from);
        for (let i = start; i < entries.length; i++) yield entries[i] as Entry;
      }
    },
  };
}

/** Tells whether a run has blocks that others may be compared with. */
export function isBlockRun(run: EntryRun): run is BlockRun {
  return "table" in run && (run as BlockRun).table.digest(0) !== undefined;
}

/** Place of the first entry whose key is ≥ `key`, or their number. */
function firstAtLeast(entries: readonly Entry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareLogicalKeys((entries[middle] as Entry).logicalKey, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last block whose first key is ≤ `key`, or 0. */
function blockOf(table: BlockTable, key: string): number {
  let low = 0;
  let high = table.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (compareLogicalKeys(table.firstKey(middle), key) <= 0) low = middle;
    else high = middle;
  }
  return low;
}

/** The text of one block, whose bytes are what they were when it was indexed. */
function readBlock(reader: RangeReader, table: BlockTable, block: number): string {
  const start = table.offset(block);
  const bytes = reader.read(start, table.offset(block + 1) - start);
  const expected = table.digest(block);
  if (expected !== undefined && !sameBytes(sha256(bytes), expected)) throw changed(start, bytes.length);
  return decoder.decode(bytes);
}

// Only lines that were valid UTF-8 when they were indexed get here.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whether two digests are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function changed(offset: number, length: number): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `The manifest was changed after it was checked: its ${length} bytes from byte ${offset} are not those that were seen then.`,
    { hint: "Open the package again, and find out who writes to its registry: manifests never change." },
  );
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  // Blank lines stand at the end only, else the manifest would not have been taken.
  while (lines.length > 0 && (lines.at(-1) as string).trim() === "") lines.pop();
  return lines;
}
