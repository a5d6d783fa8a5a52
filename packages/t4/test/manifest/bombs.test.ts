import { execFileSync } from "node:child_process";
import { closeSync, openSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseJson } from "#t4/format/json-parse.js";
import { Package } from "#t4/index.js";
import { type Manifest, openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { countCalls } from "../count-calls.js";
import { temporaryDirectory } from "../temporary.js";

const HEADER = '{"version": "v0", "message": null}\n';

const numbered = (i: number): string => String(i).padStart(10, "0");
/** A prime scatters the numbers. */
const scattered = (i: number): string => numbered((i * 7_654_321) % 1_000_000_007);

function row(key: string, meta = "{}", size: number | bigint = 1): string {
  return `{"logical_key": "d/${key}", "physical_keys": ["s3://bucket/some/where/${key}?versionId=abcdefghijklmnop"], "size": ${size}, "hash": {"type": "sha2-256-chunked", "value": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, "meta": ${meta}}\n`;
}

const lines = (line: (i: number) => string) =>
  function* (count: number): Generator<string> {
    yield HEADER;
    for (let i = 0; i < count; i++) yield line(i);
  };
const meta = (text: (count: number) => string) =>
  function* (count: number): Generator<string> {
    yield `{"version": "v0", "message": null, "user_meta": ${text(count)}}\n`;
  };

/** Manifests that were made to be expensive, each of so many lines or parts. */
const BOMBS = {
  unsorted: lines((i) => row(scattered(i))),
  "unsorted with metadata": lines((i) => row(scattered(i), `{"user_meta": {"i": ${i}}}`)),
  directories: lines((i) => `{"logical_key": "d${i}/", "meta": {"a": ${i}}}\n`),
  roots: lines((i) => `{"logical_key": "d", "meta": {"a": ${i}}}\n`),
  "large directories": lines((i) => `{"logical_key": "d${i}/", "meta": "${"x".repeat(1_000_000)}"}\n`),
  "large roots": lines(() => `{"logical_key": "d", "meta": "${"x".repeat(1_000_000)}"}\n`),
  blank: lines(() => "\n"),
  "lines of blanks": lines(() => " \t\r\n"),
  deep: meta((count) => "[".repeat(count) + "]".repeat(count)),
  large: meta((count) => `"${"x".repeat(count)}"`),
  empty: meta((count) => `[${"{},".repeat(count)}[]]`),
  parts: meta((count) => `[${'{"":0},'.repeat(count)}0]`),
  "parts in directories": lines((i) => `{"logical_key": "d${i}/", "meta": [${'{"":0},'.repeat(100_000)}0]}\n`),
  "parts in rows": lines((i) => row(numbered(i), `{"user_meta": [${'{"":0},'.repeat(100_000)}0]}`)),
  sizes: lines((i) => row(numbered(i), "{}", 10n ** 18n + BigInt(i))),
  duplicates: meta((count) => `{${'"a": 1, '.repeat(count)}"a": 2}`),
  special: meta((count) => `{${'"__proto__": {"x": 1}, "constructor": 1, '.repeat(count)}"a": 2}`),
} satisfies Readonly<Record<string, (count: number) => Generator<string>>>;

const open = (name: keyof typeof BOMBS, count: number): Manifest =>
  openManifest(memoryReader(Buffer.from([...BOMBS[name](count)].join(""))));

/** Characters that are compared and texts that are decoded: each at most a few for a line. */
async function countSteps(work: () => unknown): Promise<{ readonly compared: number; readonly decoded: number }> {
  const { charCodeAt = 0, decode = 0 } = await countCalls(
    [
      { owner: String.prototype, name: "charCodeAt" },
      { owner: TextDecoder.prototype, name: "decode" },
    ],
    work,
  );
  return { compared: charCodeAt, decoded: decode };
}

const FORMAT = expect.objectContaining({ code: "ERR_T4_FORMAT" });

describe("a manifest that was made to be expensive", () => {
  it("of rows in no order decodes each key twice at most, and no row as JSON", async () => {
    const { decoded, compared } = await countSteps(() => expect(open("unsorted", 5000).run.count).toBe(5000));
    expect(decoded).toBeLessThan(2 * 5000);
    expect(compared).toBeLessThan(5000);
  });

  it("of rows in no order with metadata costs no more comparisons", async () => {
    expect((await countSteps(() => open("unsorted with metadata", 2000))).compared).toBeLessThan(2000 * 60);
  });

  it.each(["blank", "lines of blanks"] as const)("of %s lines decodes none of them", async (name) => {
    expect((await countSteps(() => open(name, 100_000))).decoded).toBeLessThan(10);
  });

  it("of metadata of more directories than are read is refused, and never written", async () => {
    expect(open("directories", 1000).directories.size).toBe(1000);
    expect(() => open("large directories", 9)).toThrow(FORMAT);
    const pkg = new Package();
    for (let i = 0; i < 9; i++) pkg.setMeta("x".repeat(999_000), `d${i}`);
    await expect(pkg.dump(() => undefined)).rejects.toMatchObject({ code: "ERR_T4_INVALID_META" });
    expect(open("large roots", 8).header.get("user_meta")).toHaveLength(1_000_000);
    expect(() => open("large roots", 9)).toThrow(FORMAT);
  });

  it("of one line without end is refused after a few reads", () => {
    let bytes = 0;
    const read = (_: number, length: number): Uint8Array => {
      bytes += length;
      return new Uint8Array(length).fill(0x61);
    };
    expect(() => openManifest({ size: 2 ** 31, read, close: () => undefined })).toThrow(FORMAT);
    expect(bytes).toBeLessThan(32 << 20);
  });

  it("of deep metadata is read to Python's depth, and refused beyond", () => {
    expect(open("deep", 200).topHash).toMatch(/^[0-9a-f]{64}$/);
    expect(open("deep", 890).topHash).toMatch(/^[0-9a-f]{64}$/);
    expect(() => open("deep", 1000)).toThrow(FORMAT);
    expect(() => open("deep", 1_000_000)).toThrow(FORMAT);
  });

  it("of many parts is refused beyond what a line of Quilt's can have; empty ones cost nothing", () => {
    expect(open("parts", 142_000).topHash).toMatch(/^[0-9a-f]{64}$/);
    expect(() => parseJson(`[${"[0],".repeat(249_000)}0]`)).not.toThrow();
    expect(() => open("parts", 400_001)).toThrow(FORMAT);
    const empty = parseJson(`[${"{},[],".repeat(500_000)}0]`) as unknown[];
    expect(new Set(empty).size).toBe(3);
  });

  it("of sizes beyond a number's exactness keeps them, and counts them to no sum", () => {
    const { run, totalBytes } = open("sizes", 3);
    expect(Array.from(run.entries(), ({ size }) => size)).toEqual([10n ** 18n, 10n ** 18n + 1n, 10n ** 18n + 2n]);
    expect(totalBytes).toBe(0);
  });

  it("of names that stand twice or are special to JavaScript means what it means to Python", () => {
    expect(open("duplicates", 1000).header.get("user_meta")).toEqual(new Map([["a", 2]]));
    const special = open("special", 1000).header.get("user_meta") as Map<string, unknown>;
    expect([...special.keys()]).toEqual(["__proto__", "constructor", "a"]);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});

/** Opens a file in a process of its own: its outcome, seconds and peak memory. */
function cost(path: string): { readonly outcome: string; readonly seconds: number; readonly peakMiB: number } {
  const room = (file: string): string => new URL(`../../lib/${file}`, import.meta.url).href;
  const program = `
    import { openManifest } from ${JSON.stringify(room("manifest/manifest.js"))};
    import { fileReader } from ${JSON.stringify(room("store/file/file-reader.js"))};
    import { peakMiB } from "testkit/peak-memory.js";
    const start = performance.now();
    let outcome = "opened";
    try { openManifest(fileReader(process.argv[1])); } catch (error) { outcome = error.code ?? String(error); }
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ outcome, seconds, peakMiB: peakMiB() }));`;
  const args = ["--input-type=module", "-e", program, path];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", cwd: fileURLToPath(new URL(".", import.meta.url)) }),
  );
}

function write(path: string, texts: Iterable<string>): void {
  const file = openSync(path, "w");
  let waiting = "";
  for (const text of texts) {
    waiting += text;
    if (waiting.length > 1 << 20) {
      writeSync(file, waiting);
      waiting = "";
    }
  }
  writeSync(file, waiting);
  closeSync(file);
}

describe.runIf(process.env["T4_CAMPAIGN"] === "1")("at full size: within five seconds and 512 MiB", () => {
  it.each([
    ["unsorted", 1_000_000, "opened"],
    ["directories", 1_000_000, "ERR_T4_FORMAT"],
    ["roots", 1_000_000, "ERR_T4_FORMAT"],
    ["blank", 100_000_000, "opened"],
    ["lines of blanks", 50_000_000, "opened"],
    ["deep", 200, "opened"],
    ["large", 100 << 20, "ERR_T4_FORMAT"],
    ["empty", 5_000_000, "opened"],
    ["parts", 390_000, "opened"],
    ["parts in directories", 1000, "ERR_T4_FORMAT"],
    ["parts in rows", 20, "opened"],
    ["sizes", 200_000, "opened"],
    ["duplicates", 2_000_000, "opened"],
    ["special", 300_000, "opened"],
  ] as const)(
    "%s, %d",
    (name, count, outcome) => {
      const path = join(temporaryDirectory(), "manifest");
      write(path, BOMBS[name](count));
      const found = cost(path);
      console.log(name, found);
      expect(found.outcome).toBe(outcome);
      expect(found.seconds).toBeLessThan(5);
      expect(found.peakMiB).toBeLessThan(512);
    },
    300_000,
  );

  it("a line of 2 GiB", () => {
    const path = join(temporaryDirectory(), "manifest");
    write(path, [HEADER]);
    truncateSync(path, 2 ** 31);
    expect(cost(path)).toMatchObject({ outcome: "ERR_T4_FORMAT" });
  });
});
