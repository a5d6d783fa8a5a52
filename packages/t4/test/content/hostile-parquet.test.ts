import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { parquetFile, runs, steps, type TestPage, varint } from "./parquet-file.js";
import { readApart } from "./read-apart.js";

const ONE = Buffer.from([1]);
const THERE = (count: number): Buffer => runs([count], ONE, { isSized: true });
const INTEGERS = Buffer.from(Int32Array.of(5, 6, 7).buffer);
const DICTIONARY: TestPage = { kind: "dictionary", count: 3, encoding: 0, bytes: INTEGERS };
const GZIP = 2;

/** Texts with their length before each. */
function texts(count: number, length: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  const one = Buffer.concat([size, Buffer.alloc(length, "a")]);
  return Buffer.concat(Array.from({ length: count }, () => one));
}

const first = (page: Omit<TestPage, "kind">): TestPage => ({ kind: "first", ...page });
const second = (page: Omit<TestPage, "kind">): TestPage => ({ kind: "second", ...page });

describe("pages of Parquet that are what they say", () => {
  it.each([
    ["plain", parquetFile([first({ count: 3, encoding: 0, bytes: Buffer.concat([THERE(3), INTEGERS]) })], { rows: 3 })],
    [
      "with a dictionary",
      parquetFile(
        [
          DICTIONARY,
          first({ count: 4, encoding: 8, bytes: Buffer.concat([THERE(4), Buffer.from([2]), runs([3, 1], ONE)]) }),
        ],
        { rows: 4 },
      ),
    ],
    [
      "of the second version",
      parquetFile(
        [
          DICTIONARY,
          second({
            count: 4,
            encoding: 8,
            levels: 2,
            bytes: Buffer.concat([runs([4], ONE), Buffer.from([2]), runs([4], ONE)]),
          }),
        ],
        { rows: 4 },
      ),
    ],
    [
      "of texts that begin like the one before",
      parquetFile(
        [
          first({
            count: 200,
            encoding: 7,
            bytes: Buffer.concat([THERE(200), steps(200, 0, 1), steps(200, 1, 0), Buffer.alloc(200, "x")]),
          }),
        ],
        { rows: 200, isText: true },
      ),
    ],
    [
      "with a dictionary of nothing, packed by LZ4",
      parquetFile(
        [
          { kind: "dictionary", count: 0, encoding: 0, bytes: Buffer.from([0]), unpacked: 0 },
          // Literals alone: how long the run is, the run of levels, none of which is a value, and the width of no places.
          first({ count: 4, encoding: 8, bytes: Buffer.from([0x70, 2, 0, 0, 0, 8, 0, 0]), unpacked: 7 }),
        ],
        { rows: 4, isText: true, codec: 7 },
      ),
    ],
    [
      "packed, in many",
      parquetFile(
        Array.from({ length: 3 }, () => {
          const bytes = Buffer.concat([THERE(4), texts(4, 1 << 20)]);
          return first({ count: 4, encoding: 0, bytes: gzipSync(bytes), unpacked: bytes.length });
        }),
        { rows: 12, isText: true, codec: GZIP },
      ),
    ],
  ])("are read: %s", async (_, file) => {
    const entry = (await new Package().setBytes("a.parquet", file)).entry("a.parquet");
    let rows = 0;
    for await (const row of entry.rows()) rows += Number("a" in row);
    expect(rows).toBe((await entry.schema()).rowCount);
  });
});

describe("pages of Parquet that lie end in clear errors, within 512 MiB", () => {
  const endless = 2 ** 30;
  it.each([
    [
      "more values than any page has",
      parquetFile(
        [DICTIONARY, first({ count: 2 ** 31 - 1, encoding: 8, bytes: Buffer.concat([THERE(3), Buffer.from([0])]) })],
        { rows: 2 ** 31 - 1 },
      ),
      /2147483647 values/,
    ],
    [
      "levels in a run without end",
      parquetFile([first({ count: 3, encoding: 0, bytes: Buffer.concat([THERE(endless), INTEGERS]) })], { rows: 3 }),
      /runs of more values/,
    ],
    [
      "places of a dictionary in a run without end",
      parquetFile(
        [
          DICTIONARY,
          first({ count: 3, encoding: 8, bytes: Buffer.concat([THERE(3), Buffer.from([2]), runs([endless], ONE)]) }),
        ],
        { rows: 3 },
      ),
      /runs of more values/,
    ],
    [
      "the same, packed",
      parquetFile(
        [
          { ...DICTIONARY, bytes: gzipSync(INTEGERS), unpacked: INTEGERS.length },
          first({
            count: 3,
            encoding: 8,
            bytes: gzipSync(Buffer.concat([THERE(3), Buffer.from([2]), runs([endless], ONE)])),
            unpacked: THERE(3).length + 1 + runs([endless], ONE).length,
          }),
        ],
        { rows: 3, codec: GZIP },
      ),
      /runs of more values/,
    ],
    [
      "levels of the second version in a run without end",
      parquetFile(
        [
          second({
            count: 3,
            encoding: 0,
            levels: runs([endless], ONE).length,
            bytes: Buffer.concat([runs([endless], ONE), INTEGERS]),
          }),
        ],
        { rows: 3 },
      ),
      /runs of more values/,
    ],
    [
      "places without bits in a run without end",
      parquetFile(
        [
          DICTIONARY,
          second({
            count: 3,
            encoding: 8,
            levels: 2,
            bytes: Buffer.concat([runs([3], ONE), Buffer.from([0]), runs([endless], Buffer.alloc(0))]),
          }),
        ],
        { rows: 3 },
      ),
      /runs of more values/,
    ],
    [
      "places without bits, packed by eights without end",
      parquetFile(
        [
          DICTIONARY,
          second({
            count: 3,
            encoding: 8,
            levels: 2,
            bytes: Buffer.concat([runs([3], ONE), Buffer.from([0]), varint(2 ** 32 - 1)]),
          }),
        ],
        { rows: 3 },
      ),
      /runs of more values/,
    ],
    [
      "fewer nulls than none",
      parquetFile(
        [
          DICTIONARY,
          second({
            count: 3,
            encoding: 8,
            nulls: -endless,
            levels: 2,
            bytes: Buffer.concat([runs([3], ONE), Buffer.from([2]), runs([endless], ONE)]),
          }),
        ],
        { rows: 3 },
      ),
      /negative size/,
    ],
    [
      "texts that each repeat the one before",
      parquetFile(
        [
          first({
            count: 200_000,
            encoding: 7,
            bytes: Buffer.concat([
              THERE(200_000),
              steps(200_000, 0, 1),
              steps(200_000, 1, 0),
              Buffer.alloc(200_000, "x"),
            ]),
          }),
        ],
        { rows: 200_000, isText: true },
      ),
      /texts of a page have/,
    ],
    [
      "pages that together unpack to more than memory has",
      parquetFile(
        Array.from({ length: 12 }, () => {
          const bytes = Buffer.concat([THERE(32), texts(32, 1 << 20)]);
          return first({ count: 32, encoding: 0, bytes: gzipSync(bytes, { level: 1 }), unpacked: bytes.length });
        }),
        { rows: 384, isText: true, codec: GZIP },
      ),
      /unpack to more than/,
    ],
    [
      "a page that unpacks to more than any has",
      parquetFile([first({ count: 3, encoding: 0, bytes: gzipSync(INTEGERS), unpacked: 2 ** 31 - 1 })], {
        rows: 3,
        codec: GZIP,
      }),
      /unpacks to 2147483647 bytes/,
    ],
  ])("%s", { timeout: 90_000 }, (_, file, message) => {
    const outcome = readApart("a.parquet", file);
    expect(outcome).toMatchObject({ code: "ERR_T4_FORMAT", message: expect.stringMatching(message) });
    expect(outcome.peakMiB).toBeLessThan(512);
  });
});
