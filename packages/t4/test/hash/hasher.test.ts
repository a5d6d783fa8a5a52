import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkCountFor, chunkSizeFor } from "#t4/hash/chunk-rule.js";
import { createHasher, digestFromHashValue, hashBytes } from "#t4/hash/hasher.js";

const MIB = 1 << 20;
const TYPES = ["SHA256", "sha2-256-chunked", "CRC64NVME"] as const;

/** CRC-64/NVME bit by bit: reflected polynomial, all ones before and after. */
function crcBitByBit(bytes: Uint8Array): string {
  let crc = (1n << 64n) - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  }
  const digest = Buffer.alloc(8);
  digest.writeBigUInt64BE(crc ^ ((1n << 64n) - 1n));
  return digest.toString("base64");
}

function chunkedByDefinition(bytes: Buffer): string {
  const digests: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 8 * MIB) {
    digests.push(
      createHash("sha256")
        .update(bytes.subarray(at, at + 8 * MIB))
        .digest(),
    );
  }
  return createHash("sha256").update(Buffer.concat(digests)).digest("base64");
}

describe("hashes", () => {
  it.each(TYPES)(
    "%s does not depend on how the bytes are cut",
    (type) => {
      const bytes = Buffer.alloc(17 * MIB + 5, "some bytes that repeat ");
      const whole = hashBytes(type, bytes);
      const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 });
      fc.assert(
        fc.property(cuts, (all) => {
          const hasher = createHasher(type, bytes.length);
          let from = 0;
          for (const to of [...all.sort((a, b) => a - b), bytes.length]) {
            hasher.update(bytes.subarray(from, to));
            from = to;
          }
          expect(hasher.digest()).toBe(whole);
        }),
        { numRuns: type === "CRC64NVME" ? 3 : 8 },
      );
    },
    120_000,
  );

  it.each([0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB, 20 * MIB])(
    "are by the definition at %d bytes",
    (size) => {
      const bytes = Buffer.alloc(size, "abc");
      expect(hashBytes("sha2-256-chunked", bytes)).toBe(chunkedByDefinition(bytes));
      expect(hashBytes("SHA256", bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    },
  );

  it("have the CRC of the definition", () => {
    expect(hashBytes("CRC64NVME", Buffer.from("123456789"))).toBe("rosUhgp5mIg=");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(hashBytes("CRC64NVME", bytes)).toBe(crcBitByBit(bytes));
      }),
    );
  });

  it.each([
    [0, 0],
    [1, 1],
    [8 * MIB, 1],
    [83_886_080_000, 10_000],
    [83_886_080_001, 5001],
    [5 * 1024 ** 4, 5120],
  ])("cut %d bytes into %d chunks", (size, count) => {
    expect(chunkCountFor(size)).toBe(count);
    expect(chunkSizeFor(size) % (8 * MIB)).toBe(0);
  });

  it("are read back from manifests only in their one spelling", () => {
    const value = hashBytes("sha2-256-chunked", Buffer.from("abc"));
    expect(value).toBe("T4tCwi3TcptRm6b2jS2nzFstYG0F2u1a1RKMwD5sY1g=");
    expect(digestFromHashValue("sha2-256-chunked", value)).toHaveLength(32);
    for (const bad of [value.slice(0, -1), `${value}=`, value.replace("T", "U ").trim(), ""]) {
      expect(digestFromHashValue("sha2-256-chunked", bad)).toBeUndefined();
    }
    expect(digestFromHashValue("SHA256", "AB".repeat(32))).toBeUndefined();
  });
});
