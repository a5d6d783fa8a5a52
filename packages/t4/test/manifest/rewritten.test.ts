import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { Package } from "#t4/index.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { temporaryDirectory } from "../temporary.js";

const INTEGRITY = { code: "ERR_T4_INTEGRITY" };
const ROWS = 1000;

function manifestText(rows: number, end = ""): string {
  const value = hashBytes("SHA256", Buffer.from("x"));
  const lines = Array.from({ length: rows }, (_, i) => {
    const key = `d/${String(i).padStart(6, "0")}`;
    return `{"logical_key": "${key}", "physical_keys": ["s3://b/${key}"], "size": 1, "hash": {"type": "SHA256", "value": "${value}"}, "meta": {}}${end}\n`;
  });
  return ['{"version": "v0", "message": null}\n', ...lines].join("");
}

describe("a manifest that is rewritten while it is open", () => {
  let bytes: Buffer;
  let path: string;
  let browse: () => Promise<Package>;

  beforeEach(() => {
    bytes = Buffer.from(manifestText(ROWS));
    const { topHash = "" } = openManifest(memoryReader(bytes));
    const registry = temporaryDirectory();
    mkdirSync(join(registry, ".quilt/packages"), { recursive: true });
    mkdirSync(join(registry, ".quilt/named_packages/a/b"), { recursive: true });
    path = join(registry, ".quilt/packages", topHash);
    writeFileSync(path, bytes);
    writeFileSync(join(registry, ".quilt/named_packages/a/b/latest"), topHash);
    browse = () => Package.browse("a/b", { registry });
  });

  it("is not seen: neither another place of bytes nor another hash, size, key or metadata of the same length", async () => {
    for (const [was, is] of [
      ["s3://b/d/000500", "s3://x/d/000500"],
      ['"size": 1', '"size": 2'],
      ['"meta": {}', '"mita": {}'],
      ["d/000500", "d/0005x0"],
    ] as const) {
      const changed = bytes.toString().split("\n");
      changed[501] = (changed[501] as string).replace(was, is);
      expect(changed.join("\n")).not.toBe(bytes.toString());
      const pkg = await browse();
      writeFileSync(path, changed.join("\n"));
      expect(() => pkg.entry("d/000500")).toThrow(expect.objectContaining(INTEGRITY));
      expect(() => pkg.map((key) => key)).toThrow(expect.objectContaining(INTEGRITY));
      expect(() => [...pkg.keys("d")]).toThrow(expect.objectContaining(INTEGRITY));
      writeFileSync(path, bytes);
      expect(pkg.entry("d/000500").physicalKey).toBe("s3://b/d/000500");
    }
  });

  it("is not seen where it was cut off, emptied or made longer", async () => {
    const [short, empty, long] = [await browse(), await browse(), await browse()];
    truncateSync(path, bytes.length - 10);
    expect(() => short.map((key) => key)).toThrow(expect.objectContaining(INTEGRITY));
    truncateSync(path, 0);
    expect(() => empty.entry("d/000000")).toThrow(expect.objectContaining(INTEGRITY));
    writeFileSync(path, bytes);
    appendFileSync(path, bytes.subarray(bytes.indexOf("\n") + 1));
    expect(long.map((key) => key)).toHaveLength(ROWS);
  });

  it("is not installed", async () => {
    const dest = join(temporaryDirectory(), "dest");
    const pkg = await browse();
    writeFileSync(path, bytes.toString().replaceAll("s3://b/", "s3://c/"));
    await expect(pkg.fetch(dest)).rejects.toMatchObject(INTEGRITY);
  });
});

describe("each byte of a manifest", () => {
  it("is checked when it is read again", () => {
    const original = Buffer.from(manifestText(300));
    const bytes = Buffer.from(original);
    for (let at = original.indexOf("\n") + 1; at < original.length; at += 397) {
      const { run } = openManifest(memoryReader(bytes));
      bytes[at] = (original[at] as number) ^ 1;
      expect(() => [...run.entries()], String(at)).toThrow(expect.objectContaining(INTEGRITY));
      bytes[at] = original[at] as number;
    }
  });
});

describe("a manifest with planted stamps", () => {
  it.each(["\t", "\t1\t2\t3\t4\t5", "\t1\t2\t3\t4\t5\r", " \t"])(
    "%j behind a line says nothing of a file",
    async (end) => {
      const secret = join(temporaryDirectory(), "secret");
      writeFileSync(secret, "x");
      const text = manifestText(3, end).replaceAll(/s3:\/\/b\/d\/\d+/g, pathToFileURL(secret).href);
      let pkg: Package;
      try {
        pkg = await Package.load(Buffer.from(text));
      } catch (error) {
        // Blanks behind JSON are JSON; digits are not.
        expect(end).toMatch(/\d/);
        expect(error).toMatchObject({ code: "ERR_T4_FORMAT" });
        return;
      }
      await expect(pkg.entry("d/000001").bytes()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
      for (const [, entry] of pkg.walk()) await expect(entry.bytes()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    },
  );
});
