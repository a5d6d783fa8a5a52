import { describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { verifiedStream } from "#t4/package/verified-stream.js";

/** Reads a stream whose last byte may be damaged; how many bytes came, and what went wrong. */
async function read(size: number, isDamaged: boolean): Promise<{ readonly bytes: number; readonly code?: unknown }> {
  const right = new Uint8Array(size).fill(7);
  const content = right.slice();
  if (isDamaged) content[size - 1] = 8;
  const expected = { type: "SHA256", value: hashBytes("SHA256", right), size } as const;
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < size; at += 1 << 20) yield content.subarray(at, at + (1 << 20));
  }
  let bytes = 0;
  try {
    for await (const chunk of verifiedStream(chunks(), { expected, logicalKey: "a" })) bytes += chunk.length;
    return { bytes };
  } catch (error) {
    return { bytes, code: (error as { readonly code?: unknown }).code };
  }
}

describe("a stream that is verified", () => {
  it("gives nothing of a small file that is damaged", async () => {
    expect(await read(4, true)).toEqual({ bytes: 0, code: "ERR_T4_INTEGRITY" });
    expect(await read(4 << 20, true)).toEqual({ bytes: 0, code: "ERR_T4_INTEGRITY" });
    expect(await read(4 << 20, false)).toEqual({ bytes: 4 << 20 });
  });

  it("holds no large file, and says at its end that it is damaged", async () => {
    expect(await read(5 << 20, true)).toEqual({ bytes: 5 << 20, code: "ERR_T4_INTEGRITY" });
    expect(await read(5 << 20, false)).toEqual({ bytes: 5 << 20 });
  });
});
