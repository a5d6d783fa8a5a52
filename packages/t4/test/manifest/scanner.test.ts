import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { T4Error } from "#t4/base/errors.js";
import type { Entry } from "#t4/format/entry.js";
import { compareLogicalKeys, treeSortKey } from "#t4/format/logical-key.js";
import { entryLine, parseHeaderLine, parseManifestLine } from "#t4/format/manifest-line.js";
import { createTopHasher } from "#t4/format/top-hash.js";
import { CommonRow } from "#t4/manifest/common-row.js";
import { keyHash } from "#t4/manifest/key-hash.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { isPlainWord, plainEnd, viewed } from "#t4/manifest/plain-bytes.js";
import { scanManifest } from "#t4/manifest/scan-manifest.js";

const HEADER = '{"version": "v0", "message": null}';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (text: string) => openManifest(memoryReader(bytesOf(text)));
const isPlain = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x5c;

const plainText = fc.stringMatching(/^[ !#-[\]-~]{1,40}$/);
const anyText = fc.oneof(
  plainText,
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
const wholeSize = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 1, 999_999_999_999_999, 1_000_000_000_000_000, Number.MAX_SAFE_INTEGER),
);
const commonEntry = fc.record({
  logicalKey: plainText,
  place: plainText,
  size: wholeSize,
  type: plainText,
  value: plainText,
});
const lineOf = ({
  logicalKey,
  place,
  size,
  type,
  value,
}: typeof commonEntry extends fc.Arbitrary<infer E> ? E : never): string =>
  `{"logical_key": "${logicalKey}", "physical_keys": ["${place}"], "size": ${size}, "hash": {"type": "${type}", "value": "${value}"}, "meta": {}}`;

/** What the general parser makes of a manifest of one line after the header. */
function byParser(line: string): { readonly error: string } | { readonly topHash: string; readonly entry: Entry } {
  try {
    const parsed = parseManifestLine(line);
    if (parsed.kind !== "entry") return { error: parsed.kind };
    const hasher = createTopHasher();
    hasher.header(parseHeaderLine(HEADER));
    hasher.entry(parsed.entry);
    return { topHash: hasher.digest(), entry: parsed.entry };
  } catch (error) {
    return { error: error instanceof T4Error ? error.code : String(error) };
  }
}

function byScanner(line: string): ReturnType<typeof byParser> {
  try {
    const { run, topHash } = open(`${HEADER}\n${line}\n`);
    const [entry] = run.entries();
    return { topHash: topHash as string, entry: entry as Entry };
  } catch (error) {
    return { error: error instanceof T4Error ? error.code : String(error) };
  }
}

describe("a row of the common shape", () => {
  const row = new CommonRow();
  const isCommon = (line: string): boolean => row.scan(viewed(bytesOf(`${line}\n`)), 0) !== -1;

  it("is what the general parser makes of it, bit for bit", () => {
    fc.assert(
      fc.property(commonEntry, (entry) => {
        const line = lineOf(entry);
        expect(isCommon(line)).toBe(entry.size < 1e15);
        expect(byScanner(line)).toEqual(byParser(line));
        expect((byParser(line) as { entry: Entry }).entry).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  it("is never seen in a line that is nearly of that shape", () => {
    const change = fc.record({
      at: fc.nat(300),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.constantFrom(
          "",
          '"',
          "\\",
          "\\u0041",
          "\u007f",
          "\t",
          "\r",
          " ",
          "é",
          "\u{1F600}",
          "0",
          "-",
          ".",
          "e1",
          ",",
          "}",
          "{",
          "[",
          "]",
          "\u0000",
        ),
        fc.string({ maxLength: 3 }),
      ),
    });
    let [refused, parsed] = [0, 0];
    fc.assert(
      fc.property(commonEntry, fc.array(change, { minLength: 1, maxLength: 2 }), (entry, changes) => {
        let line = lineOf(entry);
        for (const { at, remove, insert } of changes) {
          const place = at % line.length;
          line = line.slice(0, place) + insert.replaceAll("\n", " ") + line.slice(place + remove);
        }
        // A line break or a lone surrogate would make other lines than the one that is compared.
        fc.pre(line.trim() !== "" && line.isWellFormed());
        const expected = byParser(line);
        const got = byScanner(line);
        if ("error" in expected) {
          refused++;
          if (expected.error.startsWith("ERR")) expect(got).toEqual(expected);
        } else {
          parsed++;
          expect(got).toEqual(expected);
        }
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(refused, parsed)).toBeGreaterThan(500);
  });

  it.each([
    "0",
    "7",
    "007",
    "00",
    "-1",
    "-0",
    "1.0",
    "1e3",
    "",
    "+1",
    "0x1",
    "1_0",
    "123456789012345",
    "1234567890123456",
  ])("with the size %j is what the general parser makes of it", (size) => {
    const line = lineOf({ logicalKey: "k", place: "p", size: 5, type: "t", value: "v" }).replace("5,", `${size},`);
    expect(line).toContain(`"size": ${size},`);
    expect(byScanner(line)).toEqual(byParser(line));
  });

  it("is seen in the written form of every entry that needs no escape, and in no other", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (logicalKey, value, hasMeta) => {
        fc.pre(logicalKey !== "" && logicalKey.isWellFormed() && value.isWellFormed());
        const meta = new Map(hasMeta ? [["user_meta", 1]] : []);
        const line = entryLine({
          logicalKey,
          physicalKeys: ["s3://b/k"],
          size: 1,
          hash: { type: "SHA256", value },
          meta,
        });
        const isSimple = !hasMeta && [...bytesOf(logicalKey + value)].every(isPlain);
        expect(isCommon(line)).toBe(isSimple);
        expect(byScanner(line)).toEqual(byParser(line));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("plain bytes", () => {
  it("are found by words as they are one by one, whatever stands beside them", () => {
    for (let byte = 0; byte < 256; byte++) {
      for (let place = 0; place < 4; place++) {
        for (const other of [0x20, 0x21, 0x7e, 0x41]) {
          const bytes = new Uint8Array(4).fill(other);
          bytes[place] = byte;
          expect(isPlainWord(viewed(bytes).view.getInt32(0, true)), `${byte} ${place} ${other}`).toBe(isPlain(byte));
        }
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(4), (bytes, start) => {
        const from = Math.min(start, bytes.length);
        const wanted = bytes.subarray(from).findIndex((byte) => !isPlain(byte));
        expect(plainEnd(viewed(bytes), from)).toBe(wanted === -1 ? bytes.length : from + wanted);
      }),
      { numRuns: 2000 },
    );
  });
});

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
