import { describe, expect, it } from "vitest";
import { chunkCountFor, chunkSizeFor } from "#t4/hash/chunk-rule.js";
import { combineChunkDigests } from "#t4/hash/chunked.js";
import { createHasher, type HashType, hashBytes, hashValueFromDigest } from "#t4/hash/hasher.js";
import { vectors } from "./vectors.js";

interface ChecksumCase {
  readonly size: number;
  readonly sha256_hex: string;
  readonly "sha2-256-chunked": string;
  /** Absent where the peers took too long to compute it. */
  readonly CRC64NVME?: string;
  readonly chunk_size: number;
  readonly parts: number;
}

interface ZeroFilled {
  readonly size: number;
  readonly chunk_size: number;
  readonly parts: number;
  readonly part_sha256_hex?: string;
  readonly last_part_sha256_hex?: string;
  readonly "sha2-256-chunked": string;
}

const golden = vectors<{
  generator: { block_length: number; A: number; S: number };
  cases: ChecksumCase[];
  chunk_sizes: { size: number; chunk_size: number; parts: number }[];
  zero_filled: ZeroFilled[];
}>("checksum.json");

const TYPES = ["SHA256", "sha2-256-chunked", "CRC64NVME"] satisfies HashType[];

function content(size: number): Buffer {
  const { block_length, A, S } = golden.generator;
  const block = Uint8Array.from({ length: block_length }, (_, i) => (A * i * i + 7 * i + S) % 256);
  return Buffer.alloc(size, block);
}

describe("checksum.json", () => {
  it.each(golden.cases)("$size bytes", (expected) => {
    const bytes = content(expected.size);
    expect(hashBytes("SHA256", bytes)).toBe(expected.sha256_hex);
    expect(hashBytes("sha2-256-chunked", bytes)).toBe(expected["sha2-256-chunked"]);
    if (expected.CRC64NVME !== undefined) expect(hashBytes("CRC64NVME", bytes)).toBe(expected.CRC64NVME);
    expect(chunkSizeFor(expected.size)).toBe(expected.chunk_size);
    expect(chunkCountFor(expected.size)).toBe(expected.parts);
  });

  it("gives the same hashes in uneven pieces", () => {
    const expected = golden.cases.reduce((a, b) => (a.size > b.size ? a : b));
    const bytes = content(expected.size);
    const values = TYPES.map((type) => {
      const hasher = createHasher(type, bytes.length);
      for (let at = 0; at < bytes.length; at += 999_983) hasher.update(bytes.subarray(at, at + 999_983));
      return hasher.digest();
    });
    expect(values).toEqual(TYPES.map((type) => hashBytes(type, bytes)));
    expect(values).toEqual(expect.arrayContaining([expected.sha256_hex, expected["sha2-256-chunked"]]));
  });

  it.each(golden.chunk_sizes)("$size bytes have $parts parts", ({ size, chunk_size, parts }) => {
    expect([chunkSizeFor(size), chunkCountFor(size)]).toEqual([chunk_size, parts]);
  });

  it.each(golden.zero_filled)("$size zero bytes", (expected) => {
    if (expected.part_sha256_hex === undefined || expected.last_part_sha256_hex === undefined) {
      expect(hashBytes("sha2-256-chunked", Buffer.alloc(expected.size))).toBe(expected["sha2-256-chunked"]);
      return;
    }
    const part = Buffer.from(expected.part_sha256_hex, "hex");
    const digests = Buffer.alloc(expected.parts * 32, part);
    digests.set(Buffer.from(expected.last_part_sha256_hex, "hex"), (expected.parts - 1) * 32);
    expect([chunkSizeFor(expected.size), chunkCountFor(expected.size)]).toEqual([expected.chunk_size, expected.parts]);
    expect(hashValueFromDigest("sha2-256-chunked", combineChunkDigests(digests))).toBe(expected["sha2-256-chunked"]);
  });
});
