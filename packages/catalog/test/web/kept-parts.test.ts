import { describe, expect, it } from "vitest";
import { keptParts } from "../../render/table/kept-parts.js";

describe("parts of a file that were read", () => {
  const counting = (mostBytes: number) => {
    const asked: string[] = [];
    const read = keptParts(async (start, end) => {
      asked.push(`${start}-${end}`);
      if (start === 9 && asked.length === 1) throw new Error("gone");
      return new Uint8Array(end - start);
    }, mostBytes);
    return { asked, read };
  };

  it("are read once, by however many at a time", async () => {
    const { asked, read } = counting(100);
    await Promise.all([read(0, 10), read(0, 10)]);
    await read(0, 10);
    expect(asked).toEqual(["0-10"]);
  });

  it("are kept up to a limit, those that were used last", async () => {
    const { asked, read } = counting(20);
    for (const start of [0, 10, 0, 20, 0, 10]) await read(start, start + 10);
    expect(asked).toEqual(["0-10", "10-20", "20-30", "10-20"]);
    await read(0, 50);
    await read(0, 50);
    expect(asked.slice(4)).toEqual(["0-50"]);
  });

  it("are read again when that failed", async () => {
    const { asked, read } = counting(100);
    await expect(read(9, 10)).rejects.toThrow("gone");
    expect(await read(9, 10)).toHaveLength(1);
    expect(asked).toEqual(["9-10", "9-10"]);
  });
});
