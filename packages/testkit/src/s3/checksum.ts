import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The checksums of S3, by the ending of their header `x-amz-checksum-…`. */
export const CHECKSUM_NAMES = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;

/** One of S3's checksum algorithms. */
export type ChecksumName = (typeof CHECKSUM_NAMES)[number];

/** A checksum kept with an object. */
export interface Checksum {
  readonly name: ChecksumName;
  /** Base64; a composite one ends in `-<parts>`. */
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** Table of a reflected CRC of 64 bits as halves [low, high]; narrower polynomials leave the high half zero. */
function crcTable(polynomialLow: number, polynomialHigh: number): Uint32Array {
  const table = new Uint32Array(512);
  for (let byte = 0; byte < 256; byte++) {
    let low = byte;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = (low & 1) === 1;
      low = ((low >>> 1) | (high << 31)) >>> 0;
      high >>>= 1;
      if (odd) {
        low = (low ^ polynomialLow) >>> 0;
        high = (high ^ polynomialHigh) >>> 0;
      }
    }
    table[byte * 2] = low;
    table[byte * 2 + 1] = high;
  }
  return table;
}

const TABLES = { crc32c: crcTable(0x82f63b78, 0), crc64nvme: crcTable(0xac4bc9b5, 0x9a6c9329) } as const;

function crc(table: Uint32Array, bytes: Uint8Array): { readonly low: number; readonly high: number } {
  let low = 0xffffffff;
  let high = 0xffffffff;
  for (const byte of bytes) {
    const index = ((low ^ byte) & 0xff) * 2;
    low = (((low >>> 8) | (high << 24)) ^ (table[index] as number)) >>> 0;
    high = ((high >>> 8) ^ (table[index + 1] as number)) >>> 0;
  }
  return { low: ~low >>> 0, high: ~high >>> 0 };
}

function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLES.crc32c[((value ^ byte) & 0xff) * 2] as number);
  return ~value >>> 0;
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  for (const [i, value] of values.entries()) new DataView(bytes.buffer).setUint32(i * 4, value);
  return bytes;
}

/** Digest of the bytes, big-endian. Written apart from T4's own code, which the simulator checks. */
export function digest(name: ChecksumName, bytes: Uint8Array): Uint8Array {
  if (name === "sha1" || name === "sha256") return createHash(name).update(bytes).digest();
  if (name === "crc32") return words(crc32(bytes));
  if (name === "crc32c") return words(crc32c(bytes));
  const { low, high } = crc(TABLES.crc64nvme, bytes);
  return words(high, low);
}

/** Digest in base64, as headers carry it. */
export function digestBase64(name: ChecksumName, bytes: Uint8Array): string {
  return Buffer.from(digest(name, bytes)).toString("base64");
}

/** How many bytes a digest has. */
export function digestLength(name: ChecksumName): number {
  return { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 }[name];
}
