import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { T4Error } from "#t4/base/errors.js";
import type { Entry } from "#t4/format/entry.js";
import { entryLine, parseHeaderLine, parseManifestLine } from "#t4/format/manifest-line.js";
import { createTopHasher } from "#t4/format/top-hash.js";
import { CommonRow } from "#t4/manifest/common-row.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { isPlainWord, plainEnd, viewed } from "#t4/manifest/plain-bytes.js";

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
  let opened: ReturnType<typeof open>;
  try {
    opened = open(`${HEADER}\n${line}\n`);
  } catch (error) {
    return { error: error instanceof T4Error ? error.code : String(error) };
  }
  // What was taken once must be readable ever after: an error here is the test's.
  const [entry] = opened.run.entries();
  return { topHash: opened.topHash as string, entry: entry as Entry };
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
