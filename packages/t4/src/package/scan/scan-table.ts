import { createHash } from "node:crypto";
import { compareLogicalKeys } from "../../format/logical-key.js";
import { SHA256_BYTES } from "../../hash/sha256.js";
import type { Stamp } from "../../transfer/stamp.js";

/** A row that a scan adds: a file's path relative to the root, as it is now, and its hash where that is known. */
interface ScanRow {
  readonly key: string;
  readonly stamp: Stamp;
  /** SHA-256 of the file's `sha2-256-chunked`; all zeros: not known. */
  readonly digest: Uint8Array;
}

/** Says that a hash is not known. */
export const NO_DIGEST: Uint8Array = new Uint8Array(SHA256_BYTES);

/** The columns themselves, in the layout of the file. */
interface Columns {
  /** Number of files. */
  readonly count: number;
  /** Size, mtime, ctime, inode and device of each row. */
  readonly stamps: Float64Array;
  /** 32 bytes of each row. */
  readonly digests: Uint8Array;
  /** End of each key in `keys`. */
  readonly ends: Uint32Array;
  /** All keys, UTF-8. */
  readonly keys: Buffer;
}

/**
 * The files of a directory in tree order, as columns: 76 bytes and the key per file, and no object for any.
 *
 * It is read from its bytes and written to them without a pass over the rows.
 */
export interface ScanTable extends Columns {
  key(row: number): string;
  stamp(row: number): Stamp;
  /** Whether the file had this stamp. */
  isStamped(row: number, stamp: Stamp): boolean;
  /** The bytes of the hash; all zeros when it is not known. */
  digest(row: number): Uint8Array;
  setDigest(row: number, digest: Uint8Array): void;
}

/** Also tells machines of another byte order apart. */
const MAGIC = 0x54_34_53_03;
const FIELDS = 5;
const HEADER_BYTES = 16;
/** Columns that are full grow by this factor. */
const GROWTH = 1.5;

/** Gathers rows in tree order. */
export interface ScanTableBuilder {
  add(row: ScanRow): void;
  finish(): ScanTable;
}

/** Starts a table with the first `rows` rows of another. */
export function createScanTable(from: ScanTable = EMPTY_SCAN_TABLE, rows = 0): ScanTableBuilder {
  let [count, keyBytes] = [rows, rows === 0 ? 0 : (from.ends[rows - 1] as number)];
  let capacity = Math.max(64, from.count);
  let stamps = grown(from.stamps.subarray(0, rows * FIELDS), new Float64Array(capacity * FIELDS));
  let digests = grown(from.digests.subarray(0, rows * SHA256_BYTES), new Uint8Array(capacity * SHA256_BYTES));
  let ends = grown(from.ends.subarray(0, rows), new Uint32Array(capacity));
  let keys = grown(from.keys.subarray(0, keyBytes), Buffer.alloc(Math.max(4096, from.keys.length)));
  const grow = (): void => {
    capacity = Math.ceil(capacity * GROWTH);
    stamps = grown(stamps, new Float64Array(capacity * FIELDS));
    digests = grown(digests, new Uint8Array(capacity * SHA256_BYTES));
    ends = grown(ends, new Uint32Array(capacity));
  };
  return {
    add({ key, stamp, digest }) {
      if (count === capacity) grow();
      // A UTF-16 unit takes at most three bytes.
      const room = keyBytes + key.length * 3;
      if (room > keys.length) keys = grown(keys, Buffer.alloc(Math.ceil(room * GROWTH)));
      keyBytes += keys.write(key, keyBytes);
      stamps.set([stamp.size, stamp.mtimeMs, stamp.ctimeMs, stamp.inode, stamp.device], count * FIELDS);
      digests.set(digest, count * SHA256_BYTES);
      ends[count++] = keyBytes;
    },
    finish: () =>
      scanTable({
        count,
        stamps: stamps.subarray(0, count * FIELDS),
        digests: digests.subarray(0, count * SHA256_BYTES),
        ends: ends.subarray(0, count),
        keys: keys.subarray(0, keyBytes),
      }),
  };
}

function grown<Column extends Float64Array | Uint8Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

/** The table that {@link encodeScanTable} wrote; `undefined` for bytes that are damaged or another version's. */
export function decodeScanTable(bytes: Uint8Array<ArrayBuffer>): ScanTable | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - SHA256_BYTES));
  if (body.length < HEADER_BYTES || !checksumOf([body]).equals(bytes.subarray(body.length))) return undefined;
  const { buffer, byteOffset } = bytes;
  const [magic, count = 0, keyBytes = 0] = new Uint32Array(buffer, byteOffset, 3);
  if (magic !== MAGIC) return undefined;
  let end = byteOffset + HEADER_BYTES;
  const take = (length: number): number => {
    end += length;
    return end - length;
  };
  return scanTable({
    count,
    stamps: new Float64Array(buffer, take(count * FIELDS * 8), count * FIELDS),
    digests: new Uint8Array(buffer, take(count * SHA256_BYTES), count * SHA256_BYTES),
    ends: new Uint32Array(buffer, take(count * 4), count),
    keys: Buffer.from(buffer, take(keyBytes), keyBytes),
  });
}

/** The bytes of a table, in parts; a checksum at the end covers all: a bent table must not vouch for any file. */
export function encodeScanTable({ count, stamps, digests, ends, keys }: ScanTable): Uint8Array[] {
  const header = new Uint32Array([MAGIC, count, keys.length, 0]);
  const parts = [header, stamps, digests, ends, keys].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return [...parts, checksumOf(parts)];
}

/** The row of a key. */
export function rowOf(table: ScanTable, key: string): number | undefined {
  const row = firstRowAtLeast(table, key);
  return row < table.count && table.key(row) === key ? row : undefined;
}

/** The first row whose key is ≥ `key`. */
export function firstRowAtLeast(table: ScanTable, key: string): number {
  let low = 0;
  let high = table.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareLogicalKeys(table.key(middle), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checksumOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function scanTable(columns: Columns): ScanTable {
  const { stamps, digests, ends, keys } = columns;
  const field = (row: number, index: number): number => stamps[row * FIELDS + index] as number;
  return {
    ...columns,
    key: (row) => keys.toString("utf8", row === 0 ? 0 : ends[row - 1], ends[row]),
    stamp: (row) => ({
      size: field(row, 0),
      mtimeMs: field(row, 1),
      ctimeMs: field(row, 2),
      inode: field(row, 3),
      device: field(row, 4),
    }),
    isStamped: (row, { size, mtimeMs, ctimeMs, inode, device }) =>
      field(row, 0) === size &&
      field(row, 1) === mtimeMs &&
      field(row, 2) === ctimeMs &&
      field(row, 3) === inode &&
      field(row, 4) === device,
    digest: (row) => digests.subarray(row * SHA256_BYTES, (row + 1) * SHA256_BYTES),
    setDigest: (row, value) => digests.set(value, row * SHA256_BYTES),
  };
}

/** The table of no files. */
export const EMPTY_SCAN_TABLE: ScanTable = scanTable({
  count: 0,
  stamps: new Float64Array(),
  digests: new Uint8Array(),
  ends: new Uint32Array(),
  keys: Buffer.alloc(0),
});
