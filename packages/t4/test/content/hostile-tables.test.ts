import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { readApart } from "./read-apart.js";
import { npy, WORKBOOK, zipOf } from "./small-files.js";

const MEBIBYTE = 1 << 20;

/** A frame of Zstandard of 128 KiB blocks that each are one byte repeated: 4 bytes become 131,072. */
function zstdBomb(blocks: number): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const all = Array.from({ length: blocks }, (_, i) => {
    const word = ((128 << 10) << 3) | (1 << 1) | Number(i === blocks - 1);
    return Buffer.from([word & 0xff, (word >> 8) & 0xff, word >> 16, 0x61]);
  });
  return Buffer.concat([header, ...all]);
}

describe("hostile tables end in clear errors, within 512 MiB", () => {
  it.each([
    ["a gzip bomb without a line end", "a.csv.gz", () => gzipSync(Buffer.alloc(300 * MEBIBYTE, "a"), { level: 1 })],
    ["a gzip bomb for random access", "a.parquet.gz", () => gzipSync(Buffer.alloc(300 * MEBIBYTE), { level: 1 })],
    ["a gzip bomb of one JSON text", "a.json.gz", () => gzipSync(`["${"a".repeat(300 * MEBIBYTE)}"]`, { level: 1 })],
    ["a gzip bomb of one line", "a.jsonl.gz", () => gzipSync(`"${"a".repeat(300 * MEBIBYTE)}"`, { level: 1 })],
    ["a zstd bomb", "a.csv.zst", () => zstdBomb(100_000)],
    [
      "a zip bomb in a workbook",
      "a.xlsx",
      () => zipOf([...WORKBOOK, { name: "xl/worksheets/a.xml", content: Buffer.alloc(300 * MEBIBYTE, "<!-- ") }]),
    ],
    [
      "a workbook with endless texts",
      "a.xlsx",
      () =>
        zipOf([
          ...WORKBOOK,
          { name: "xl/worksheets/a.xml", content: Buffer.from("<worksheet/>") },
          {
            name: "xl/sharedStrings.xml",
            content: Buffer.from(`<sst>${"<si><t>0123456789</t></si>".repeat(7_000_000)}</sst>`),
          },
        ]),
    ],
    [
      "a record batch that unpacks without end",
      "a.arrow",
      () => readFileSync(new URL("golden/bomb.arrow", import.meta.url)),
    ],
    ["a million columns", "a.csv", () => `${"a,".repeat(1_000_000)}b\n${"1,".repeat(1_000_000)}2\n`],
    ["JSON that is nested without end", "a.json", () => "[".repeat(5_000_000)],
    ["a row of an array without end", "a.npy", () => npy("(3, 4000000000)", "|V0")],
    ["an array that is not there", "a.npy", () => npy("(1000000000000,)", "<f8")],
  ])("%s", { timeout: 120_000 }, (_, name, content) => {
    const { code, message, peakMiB } = readApart(name, content());
    expect({ code, message }).toMatchObject({
      code: "ERR_T4_FORMAT",
      message: expect.stringContaining('"a') as string,
    });
    expect(peakMiB).toBeLessThan(512);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["its magic alone", Buffer.from("PAR1")],
    ["a footer that is longer than the file", Buffer.from("PAR1\u00ff\u00ff\u00ff\u007fPAR1", "latin1")],
    ["an empty footer", Buffer.from("PAR1\u0000\u0000\u0000\u0000PAR1", "latin1")],
  ])("a Parquet file that is %s", async (_, content) => {
    const entry = (await new Package().setBytes("a.parquet", content)).entry("a.parquet");
    await expect(entry.schema()).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });
});
