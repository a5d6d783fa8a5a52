import { isTopHash, type TopHash } from "../format/top-hash.js";
import { SHA256_BYTES, sha256 } from "../hash/sha256.js";
import { sameBytes } from "./block-run.js";
import type { BlockTable } from "./block-table.js";

/** What has to be known of a manifest to open it without reading it whole. */
export interface ManifestIndex {
  readonly topHash: TopHash;
  /** Bytes of all entries with a numeric size. */
  readonly totalBytes: number;
  /** SHA-256 of all before the first block: the header and the metadata of directories. */
  readonly headDigest: Uint8Array;
  readonly table: BlockTable;
}

/** First number of an index: its kind, version and, since numbers are as the machine has them, the byte order. */
const MAGIC = 0x5434_0001;
const NUMBERS = 4;
const TOP_HASH_BYTES = 64;
const HEAD_BYTES = NUMBERS * 8 + TOP_HASH_BYTES + SHA256_BYTES;

/**
 * Writes an index as bytes: numbers, hashes, offsets, digests, ends of keys, keys, and a SHA-256 of all that, which shows
 * damage. `undefined` when a key cannot be written as UTF-8.
 */
export function encodeIndex({ topHash, totalBytes, headDigest, table }: ManifestIndex): Uint8Array | undefined {
  const blocks = table.length;
  const keys = Array.from({ length: blocks }, (_, block) => table.firstKey(block));
  if (!keys.every((key) => key.isWellFormed())) return undefined;
  const encoder = new TextEncoder();
  const encodedKeys = keys.map((key) => encoder.encode(key));
  const keyBytes = encodedKeys.reduce((sum, { length }) => sum + length, 0);
  const places = placesOf(blocks, keyBytes);
  const bytes = new Uint8Array(places.end + SHA256_BYTES);
  const { buffer } = bytes;
  new Float64Array(buffer, 0, NUMBERS).set([MAGIC, blocks, table.count, totalBytes]);
  bytes.set(encoder.encode(topHash), NUMBERS * 8);
  bytes.set(headDigest, NUMBERS * 8 + TOP_HASH_BYTES);
  new Float64Array(buffer, places.offsets, blocks + 1).set(
    Array.from({ length: blocks + 1 }, (_, block) => table.offset(block)),
  );
  const ends = new Uint32Array(buffer, places.ends, blocks);
  let end = 0;
  for (const [block, key] of encodedKeys.entries()) {
    bytes.set(table.digest(block) as Uint8Array, places.digests + block * SHA256_BYTES);
    bytes.set(key, places.keys + end);
    end += key.length;
    ends[block] = end;
  }
  bytes.set(sha256(bytes.subarray(0, places.end)), places.end);
  return bytes;
}

/** Reads an index; `undefined` when it is damaged or of another version or machine. Keys are decoded when they are looked at. */
export function decodeIndex(bytes: Uint8Array): ManifestIndex | undefined {
  const end = bytes.length - SHA256_BYTES;
  if (end < HEAD_BYTES || !sameBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end))) return undefined;
  // Numbers must lie at multiples of eight, which bytes that were cut out of others may not.
  const { buffer } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const base = bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0;
  const [magic, blocks = 0, count = 0, totalBytes = 0] = new Float64Array(buffer, base, NUMBERS);
  if (magic !== MAGIC || placesOf(blocks, 0).end > end) return undefined;
  const places = placesOf(blocks, 0);
  const topHash = decoder.decode(bytes.subarray(NUMBERS * 8, NUMBERS * 8 + TOP_HASH_BYTES));
  if (!isTopHash(topHash)) return undefined;
  const offsets = new Float64Array(buffer, base + places.offsets, blocks + 1);
  const ends = new Uint32Array(buffer, base + places.ends, blocks);
  const table: BlockTable = {
    length: blocks,
    count,
    firstKey: (block) =>
      decoder.decode(bytes.subarray(places.keys + (ends[block - 1] ?? 0), places.keys + (ends[block] as number))),
    offset: (block) => offsets[block] as number,
    digest: (block) =>
      bytes.subarray(places.digests + block * SHA256_BYTES, places.digests + (block + 1) * SHA256_BYTES),
  };
  return { topHash, totalBytes, headDigest: bytes.subarray(NUMBERS * 8 + TOP_HASH_BYTES, HEAD_BYTES), table };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where the columns of an index are; each starts at a multiple of its numbers' size. */
function placesOf(
  blocks: number,
  keyBytes: number,
): {
  readonly offsets: number;
  readonly digests: number;
  readonly ends: number;
  readonly keys: number;
  readonly end: number;
} {
  const offsets = HEAD_BYTES;
  const digests = offsets + (blocks + 1) * 8;
  const ends = digests + blocks * SHA256_BYTES;
  const keys = ends + blocks * 4;
  return { offsets, digests, ends, keys, end: keys + keyBytes };
}
