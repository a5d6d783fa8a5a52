import { describe, expect, it } from "vitest";
import { Package, type PackageEntry } from "#t4/index.js";

async function entry(name: string, bytes: readonly number[] | string): Promise<PackageEntry> {
  const content = typeof bytes === "string" ? Buffer.from(bytes) : Uint8Array.from(bytes);
  return (await new Package().setBytes(name, content)).entry(name);
}

const LATIN1 = [0x63, 0x61, 0x66, 0xe9];

describe("text of an entry", () => {
  it.each(["", "plain", "\uFEFFmark", "\uFEFF\uFEFFtwice", "é 漢 🎈", "\u0000"])("is all of %j", async (text) => {
    expect(await (await entry("a.txt", text)).text()).toBe(text);
    expect(await (await entry("a.txt", text)).deserialize()).toBe(text);
  });

  it.each([
    ["another encoding", LATIN1],
    ["a lone surrogate", [0xed, 0xa0, 0x80]],
    ["a torn character", [0xf0, 0x9f]],
    ["a UTF-16 mark", [0xff, 0xfe, 0x61, 0x00]],
  ])("is an error that names the entry for %s", async (_, bytes) => {
    const error = { code: "ERR_T4_FORMAT", facts: { logicalKey: "dir/a.txt" } };
    const found = await entry("dir/a.txt", bytes);
    await expect(found.text()).rejects.toMatchObject(error);
    await expect(found.json()).rejects.toMatchObject(error);
    await expect(found.deserialize()).rejects.toMatchObject(error);
    expect([...(await found.bytes())]).toEqual(bytes);
  });

  it.each(["a.json", "a.jsonl", "a.csv", "a.tsv"])("is no other text either in %s", async (name) => {
    await expect((await entry(name, LATIN1)).deserialize()).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });
});

describe("JSON of an entry", () => {
  it("may stand behind a byte order mark", async () => {
    expect(await (await entry("a.json", '\uFEFF{"x": 1}')).json()).toEqual({ x: 1 });
    expect(await (await entry("a.json", '\uFEFF{"x": 1}')).deserialize()).toEqual({ x: 1 });
    expect(await (await entry("a.jsonl", '\uFEFF{"x": 1}\n{"x": 2}')).deserialize()).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it("is an error that names the entry when it is none", async () => {
    const error = { code: "ERR_T4_FORMAT", message: expect.stringMatching(/"a.json" is no JSON/) };
    await expect((await entry("a.json", "{")).json()).rejects.toMatchObject(error);
    await expect((await entry("a.json", "{")).deserialize()).rejects.toMatchObject(error);
  });
});
