/** Where the blocks of a sorted file of rows are, and what they must be. */
export interface BlockTable {
  /** Number of blocks. */
  readonly length: number;
  /** Rows in all blocks. */
  readonly count: number;
  /** First logical key of a block; ascending. */
  firstKey(block: number): string;
  /** Byte offset of a block; of `length`, the offset behind the last one. */
  offset(block: number): number;
  /** SHA-256 of a block's bytes; `undefined` where nobody else can write, in memory of our own. */
  digest(block: number): Uint8Array | undefined;
}

/** Cuts rows into blocks. */
export interface BlockCutter {
  /**
   * Takes the next row, which is at `offset`; `hash` is its key's. Tells whether a block starts with it, whose first key
   * is then wanted.
   */
  startsBlock(offset: number, hash: number): boolean;
}

/** A block has at least so many rows: whoever chooses the keys cannot make blocks of single rows. */
const MIN_ROWS = 32;
/** A block ends before the row whose key's hash has these bits zero: after 128 more rows on average. */
const BOUNDARY_MASK = 127;
/** A block has at most so many rows, whatever their keys are. */
const MAX_ROWS = 1024;
/** A block ends before the row that starts so many bytes behind it, whatever its rows are. */
const MAX_BYTES = 256 * 1024;

/**
 * Cuts blocks by content: where a block ends depends on the keys next to it, so that two manifests that differ in a few
 * rows have all other blocks in common.
 */
export function createBlockCutter(): BlockCutter {
  let rows = -1;
  let start = 0;
  return {
    startsBlock(offset, hash) {
      const isBoundary = rows >= MIN_ROWS && (mixed(hash) & BOUNDARY_MASK) === 0;
      if (rows !== -1 && !isBoundary && rows < MAX_ROWS && offset - start < MAX_BYTES) {
        rows++;
        return false;
      }
      rows = 1;
      start = offset;
      return true;
    },
  };
}

/** Lets every bit of a hash tell in its low bits, as MurmurHash3 does at its end: keys that are numbered differ in few. */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return half ^ (half >>> 13);
}

/** The parts of a table whose keys are strings. */
export interface BlockColumns {
  readonly firstKeys: readonly string[];
  readonly offsets: readonly number[];
  readonly end: number;
  readonly count: number;
  readonly digests?: readonly Uint8Array[];
}

/** Makes a table of its columns. */
export function blockTable({ firstKeys, offsets, end, count, digests }: BlockColumns): BlockTable {
  return {
    length: offsets.length,
    count,
    firstKey: (block) => firstKeys[block] as string,
    offset: (block) => offsets[block] ?? end,
    digest: (block) => digests?.[block],
  };
}
