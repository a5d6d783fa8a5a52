import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "#t4/format/entry.js";
import { compareLogicalKeys, treeSortKey } from "#t4/format/logical-key.js";
import { entryLine, parseHeaderLine } from "#t4/format/manifest-line.js";
import { createTopHasher } from "#t4/format/top-hash.js";
import { keyHash } from "#t4/manifest/key-hash.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { scanManifest } from "#t4/manifest/scan-manifest.js";

const HEADER = '{"version": "v0", "message": null}';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (text: string) => openManifest(memoryReader(bytesOf(text)));

/** A manifest of rows of all kinds, in tree order, larger than what is read at once. */
function mixedRows(count: number): { readonly lines: string[]; readonly entries: Entry[] } {
  const keys = Array.from(
    { length: count },
    (_, i) => `${"data/".repeat(1 + (i % 3))}${i % 7 === 0 ? "é" : ""}${i % 31}/file ${i}${i % 5 === 0 ? '"' : ""}.bin`,
  );
  keys.sort(compareLogicalKeys);
  const entries = keys.map(
    (logicalKey, i): Entry => ({
      logicalKey,
      physicalKeys: [`s3://bucket/${"x".repeat(50 + (i % 50))}`],
      size: i % 11 === 0 ? BigInt("12345678901234567890") : i,
      hash: { type: "SHA256", value: keyHash(logicalKey).toString(16).repeat(4) },
      meta: new Map(i % 13 === 0 ? [["user_meta", `${i}`]] : []),
    }),
  );
  return { lines: entries.map(entryLine), entries };
}

describe("a manifest of rows of all kinds", () => {
  const { lines, entries } = mixedRows(12_000);
  const text = `${HEADER}\n${lines.join("\n")}\n`;
  const hasher = createTopHasher();
  hasher.header(parseHeaderLine(HEADER));
  for (const entry of entries) hasher.entry(entry);
  const expected = hasher.digest();

  it("has the top hash and the entries that the general parser gives, over the borders of what is read at once", () => {
    expect(text.length).toBeGreaterThan(2 << 20);
    const { topHash, run, totalBytes } = open(text);
    expect(topHash).toBe(expected);
    expect(Array.from(run.entries(), entryLine)).toEqual(lines);
    expect(entries.filter((_, i) => i % 97 === 0).map(({ logicalKey }) => run.get(logicalKey))).toEqual(
      entries.filter((_, i) => i % 97 === 0),
    );
    expect(totalBytes).toBe(entries.reduce((sum, { size }) => sum + (typeof size === "number" ? size : 0), 0));
  });

  it("has the same blocks whichever way a row is read", () => {
    const blocks = (manifest: string) => {
      const table = scanManifest(memoryReader(bytesOf(manifest)))?.table;
      return Array.from({ length: table?.length ?? 0 }, (_, i) => table?.firstKey(i));
    };
    // A blank before the line end is JSON, and no common shape.
    const general = `${HEADER}\n${lines.join(" \n")} \n`;
    expect(open(general).topHash).toBe(expected);
    expect(blocks(general)).toEqual(blocks(text));
    expect(blocks(text).length).toBeGreaterThan(20);
  });

  it("is the same package with its rows in any order, CRLF and directories between", () => {
    const shuffled = lines
      .map((line, i) => [keyHash(`${i}`), line] as const)
      .sort(([a], [b]) => a - b)
      .map(([, line]) => line);
    shuffled.splice(5000, 0, '{"logical_key": "data/", "meta": {"a": 1}}');
    for (const end of ["\n", "\r\n"]) {
      const { topHash, run, directories } = open(`${HEADER}${end}${shuffled.join(end)}`);
      expect(topHash).toBe(expected);
      expect(Array.from(run.entries(), entryLine)).toEqual(lines);
      expect([...directories]).toEqual([["data", new Map([["a", 1]])]]);
    }
  });

  it("that says the root's metadata in a line counts it to the header", () => {
    const withRoot = (...at: string[]): string => open(`${at.join("\n")}\n`).topHash as string;
    const own = withRoot('{"version": "v0", "message": null, "user_meta": {"a": 1}}', ...lines);
    expect(withRoot(HEADER, ...lines, '{"logical_key": "d", "meta": {"a": 1}}')).toBe(own);
    expect(withRoot(HEADER, '{"logical_key": "d", "meta": {"a": 1}}', ...lines)).toBe(own);
  });

  it.each([
    ["stands twice", [0, 1, 1]],
    ["stands twice", [1, 0, 1]],
  ] as const)("in which a key %s is refused", (message, order) => {
    expect(() => open([HEADER, ...order.map((i) => lines[i]), ""].join("\n"))).toThrow(message);
  });
});

describe("sort keys", () => {
  it("order as the keys do", () => {
    const text = fc.string({
      unit: fc.constantFrom(
        "/",
        "a",
        " ",
        "\u0000",
        "\u0001",
        "\u0002",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "\ud800",
        "\udfff",
        "\u{10000}",
      ),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = [treeSortKey(a), treeSortKey(b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(compareLogicalKeys(a, b)));
      }),
      { numRuns: 3000 },
    );
  });
});
