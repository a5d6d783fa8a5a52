import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { blockRun } from "./block-run.js";
import { blockTable } from "./block-table.js";
import { EMPTY_RUN, type EntryRun } from "./entry-run.js";
import type { RangeReader } from "./range-reader.js";
import { decodeRow, encodeRow } from "./row.js";

/** Gathers entries, in tree order, into a compact run. */
export interface RunBuilder {
  /** @throws {@link T4Error} `ERR_T4_INVALID_KEY` when the key does not follow the last one or lies below it. */
  add(entry: Entry): void;
  /** The run of all entries added. */
  finish(): EntryRun;
}

/** Rows per block: a look-up reads one block, so this trades index size against reading. */
const ROWS_PER_BLOCK = 256;
/** Rows are encoded in pieces of about this many UTF-16 units. */
const PIECE_UNITS = 1 << 20;

/** Starts a run in memory; about the size of the manifest lines, far below that of objects. */
export function createRunBuilder(): RunBuilder {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  const firstKeys: string[] = [];
  const offsets: number[] = [];
  let [text, size, count, lastKey] = ["", 0, 0, ""];
  const flush = (): void => {
    const piece = encoder.encode(text);
    pieces.push(piece);
    size += piece.length;
    text = "";
  };
  return {
    add(entry) {
      if (count > 0) requireAfter(lastKey, entry.logicalKey);
      if (count % ROWS_PER_BLOCK === 0) {
        if (text.length > 0) flush();
        firstKeys.push(entry.logicalKey);
        offsets.push(size);
      }
      text += `${encodeRow(entry)}\n`;
      lastKey = entry.logicalKey;
      count++;
      if (text.length > PIECE_UNITS) flush();
    },
    finish() {
      if (count === 0) return EMPTY_RUN;
      flush();
      return blockRun(piecesReader(pieces, size), blockTable({ firstKeys, offsets, end: size, count }), decodeRow);
    },
  };
}

/** Fails unless `next` may follow `last` in a package: later in tree order, and not inside it as if it were a directory. */
function requireAfter(last: string, next: string): void {
  const order = compareLogicalKeys(last, next);
  if (order < 0 && !next.startsWith(`${last}/`)) return;
  const problem =
    order === 0
      ? "stands twice"
      : order > 0
        ? `stands after ${JSON.stringify(last)}`
        : `lies inside the file ${JSON.stringify(last)}`;
  throw new T4Error("ERR_T4_INVALID_KEY", `Invalid order of entries: the key ${JSON.stringify(next)} ${problem}.`, {
    facts: { logicalKey: next, other: last },
  });
}

/** One reader over the pieces; blocks never span two reads by much, so a copy only joins neighbours. */
function piecesReader(pieces: readonly Uint8Array[], size: number): RangeReader {
  const starts: number[] = [];
  let start = 0;
  for (const piece of pieces) {
    starts.push(start);
    start += piece.length;
  }
  return {
    size,
    read(offset, length) {
      const wanted = new Uint8Array(Math.min(length, size - offset));
      let index = starts.findLastIndex((at) => at <= offset);
      for (let filled = 0; filled < wanted.length; index++) {
        const piece = pieces[index] as Uint8Array;
        const from = offset + filled - (starts[index] as number);
        const part = piece.subarray(from, from + wanted.length - filled);
        wanted.set(part, filled);
        filled += part.length;
      }
      return wanted;
    },
    close: () => undefined,
  };
}
