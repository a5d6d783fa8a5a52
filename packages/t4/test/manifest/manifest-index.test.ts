import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { entryLine } from "#t4/format/manifest-line.js";
import { openRegistry, Package } from "#t4/index.js";
import { openByIndex, openManifest, openWithIndex } from "#t4/manifest/manifest.js";
import { decodeIndex, encodeIndex, type ManifestIndex } from "#t4/manifest/manifest-index.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { PackageTree } from "#t4/manifest/package-tree.js";
import { temporaryDirectory } from "../temporary.js";

const PER_DIRECTORY = 100;
const INTEGRITY = expect.objectContaining({ code: "ERR_T4_INTEGRITY" });

function manifestText(rows: number): string {
  const lines = [
    '{"version": "v0", "message": "m", "user_meta": {"x": 1.0}}',
    '{"logical_key": "é/", "meta": {"a": 1}}',
  ];
  for (let i = 0; i < rows; i++) {
    const key = `é/d${String(Math.floor(i / PER_DIRECTORY)).padStart(4, "0")}/file-${String(i % PER_DIRECTORY).padStart(3, "0")}`;
    const value = String(i).padStart(64, "0");
    const place = `s3://bucket/${"p".repeat(100)}/${i}`;
    lines.push(
      `{"logical_key": "${key}", "physical_keys": ["${place}"], "size": ${i}, "hash": {"type": "SHA256", "value": "${value}"}, "meta": {}}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const indexOf = (bytes: Uint8Array): ManifestIndex => openWithIndex(memoryReader(bytes)).index as ManifestIndex;

/** A reader that says what was read. */
function counting(bytes: Uint8Array) {
  const reads: number[] = [];
  const reader = memoryReader(bytes);
  const read = (offset: number, length: number): Uint8Array => {
    reads.push(length);
    return reader.read(offset, length);
  };
  return { reader: { ...reader, read }, reads };
}

describe("an index of a manifest", () => {
  const bytes = Buffer.from(manifestText(20_000));
  const encoded = encodeIndex(indexOf(bytes)) as Uint8Array;

  it("opens it to the same package", () => {
    const whole = openManifest(memoryReader(bytes));
    const index = decodeIndex(encoded) as ManifestIndex;
    const found = openByIndex(memoryReader(bytes), index);
    expect(found).toMatchObject({ header: whole.header, topHash: whole.topHash, totalBytes: whole.totalBytes });
    expect(found?.directories).toEqual(whole.directories);
    expect(found?.run.count).toBe(20_000);
    expect(Array.from(found?.run.entries() ?? [], entryLine).join("\n")).toBe(
      Array.from(whole.run.entries(), entryLine).join("\n"),
    );
    expect(encoded.length).toBeLessThan(20_000);
  });

  it("lets a look-up read one block, and a listing of a directory what holds it", () => {
    const { reader, reads } = counting(bytes);
    const tree = new PackageTree(openByIndex(reader, decodeIndex(encoded) as ManifestIndex)?.run);
    expect(reads).toHaveLength(1);
    expect(tree.get("é/d0150/file-050")?.size).toBe(15_050);
    expect(reads).toHaveLength(2);
    expect([...tree.children("é/d0070")]).toHaveLength(PER_DIRECTORY);
    expect(reads.length).toBeLessThan(8);
    expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(1 << 20);
  });

  it("is refused when a byte of it is wrong or missing", () => {
    for (let at = 0; at < encoded.length; at += 331) {
      const wrong = encoded.slice();
      wrong[at] = (wrong[at] as number) ^ 0x10;
      expect(decodeIndex(wrong), String(at)).toBeUndefined();
    }
    for (const length of [0, 31, 200, encoded.length - 1])
      expect(decodeIndex(encoded.slice(0, length))).toBeUndefined();
    expect(decodeIndex(encoded)).toBeDefined();
  });

  it("is read at any place in memory", () => {
    const wide = new Uint8Array(encoded.length + 3);
    wide.set(encoded, 3);
    const index = decodeIndex(wide.subarray(3)) as ManifestIndex;
    expect(encodeIndex(index)).toEqual(encoded);
  });

  it("opens no manifest of another size or beginning, and no block that was changed", () => {
    const index = decodeIndex(encoded) as ManifestIndex;
    expect(openByIndex(memoryReader(bytes.subarray(1)), index)).toBeUndefined();
    const other = Buffer.from(bytes);
    other.write("V", other.indexOf("version"));
    expect(openByIndex(memoryReader(other), index)).toBeUndefined();
    const changed = Buffer.from(bytes);
    changed.write("q", changed.indexOf("p/150"));
    const run = openByIndex(memoryReader(changed), index)?.run;
    expect(run?.get("é/d0199/file-000")?.size).toBe(19_900);
    expect(() => run?.get("é/d0001/file-050")).toThrow(INTEGRITY);
    expect(() => [...(run?.entries() ?? [])]).toThrow(INTEGRITY);
  });

  it("is made of no manifest whose rows are out of order or whose directories stand among them", () => {
    const [header = "", directory = "", ...rows] = manifestText(100).trim().split("\n");
    const open = (...lines: string[]) => openWithIndex(memoryReader(Buffer.from(lines.join("\n"))));
    expect(open(header, directory, ...rows).index).toBeDefined();
    expect(open(header, ...rows, directory).index).toBeUndefined();
    expect(open(header, directory, ...rows.reverse()).index).toBeUndefined();
  });
});

describe("a revision that was read before", () => {
  const bytes = Buffer.from(manifestText(20_000));
  let registry: string;
  let path: string;
  let cache: string;

  beforeEach(() => {
    registry = temporaryDirectory();
    const home = temporaryDirectory();
    vi.stubEnv("XDG_CACHE_HOME", home);
    cache = join(home, "T4/manifests");
    const { topHash = "" } = openManifest(memoryReader(bytes));
    mkdirSync(join(registry, ".quilt/packages"), { recursive: true });
    mkdirSync(join(registry, ".quilt/named_packages/a/b"), { recursive: true });
    path = join(registry, ".quilt/packages", topHash);
    writeFileSync(path, bytes);
    writeFileSync(join(registry, ".quilt/named_packages/a/b/latest"), topHash);
  });

  const size = async (): Promise<number | undefined> =>
    (await Package.browse("a/b", { registry })).entry("é/d0070/file-050").size;

  it("is opened by its index, and whatever becomes of that changes nothing", async () => {
    expect(await size()).toBe(7050);
    const [name = ""] = readdirSync(cache);
    const index = readFileSync(join(cache, name));
    expect(await size()).toBe(7050);
    for (const damaged of [Buffer.alloc(0), Buffer.from("x"), index.subarray(10), Buffer.concat([index, index])]) {
      writeFileSync(join(cache, name), damaged);
      expect(await size()).toBe(7050);
      expect(readFileSync(join(cache, name))).toEqual(index);
    }
    rmSync(cache, { recursive: true });
    writeFileSync(cache, "no directory");
    expect(await size()).toBe(7050);
  });

  it("shows no other content when its manifest is replaced", async () => {
    await size();
    writeFileSync(path, bytes.toString().replace('"size": 7050', '"size": 7051'));
    await expect(size()).rejects.toEqual(INTEGRITY);
    writeFileSync(path, bytes.toString().replace('"message": "m"', '"message": "n"'));
    await expect(size()).rejects.toEqual(INTEGRITY);
    writeFileSync(path, bytes.subarray(0, -1));
    expect(await size()).toBe(7050);
    writeFileSync(path, bytes.subarray(0, -2));
    await expect(size()).rejects.toEqual(INTEGRITY);
  });

  it("is read whole by fsck", async () => {
    await size();
    writeFileSync(path, bytes.toString().replace('"size": 19999', '"size": 19998'));
    const findings = await (await openRegistry(registry)).fsck();
    expect(findings.map(({ code }) => code)).toContain("E_MANIFEST_HASH");
  });
});
