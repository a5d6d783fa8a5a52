import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { Package } from "#t4/index.js";
import { type Scan, scanDirectory } from "#t4/package/scan/scan-directory.js";
import { scanRun } from "#t4/package/scan/scan-run.js";
import { rowOf } from "#t4/package/scan/scan-table.js";
import { temporaryDirectory } from "../temporary.js";

const LONG_AGO_S = 1_600_000_000;
const NAMES = ["a b", "a/x", "a/ü\t\n", "a.txt", "b/𝔘", "b/\uff5e"];

const known = (scan: Scan): string[] =>
  Array.from(scanRun(scan, "").entries())
    .filter(({ hash }) => hash !== null)
    .map(({ logicalKey }) => logicalKey);

/** Takes down the hash of every file as if it was read long after it was changed. */
function recordAll(scan: Scan, afterMs = 60_000): void {
  for (let row = 0; row < scan.table.count; row++) {
    const stamp = scan.table.stamp(row);
    const value = hashBytes("sha2-256-chunked", Buffer.from(scan.table.key(row)));
    scan.record(scan.table.key(row), { stamp, value, hashedAtMs: Math.max(stamp.mtimeMs, stamp.ctimeMs) + afterMs });
  }
  scan.save();
}

describe("a scan of a directory", () => {
  let root: string;
  let data: string;
  const cacheFile = (): string => {
    const [name = ""] = readdirSync(join(root, "cache/T4/scans"));
    return join(root, "cache/T4/scans", name);
  };

  beforeEach(() => {
    root = temporaryDirectory();
    data = join(root, "data");
    vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
    for (const name of NAMES) {
      mkdirSync(join(data, name, ".."), { recursive: true });
      writeFileSync(join(data, name), name);
      utimesSync(join(data, name), LONG_AGO_S, LONG_AGO_S);
    }
    recordAll(scanDirectory(data));
  });

  afterEach(() => vi.unstubAllEnvs());

  it("knows a directory by whatever link leads to it", () => {
    symlinkSync(data, join(root, "link"));
    expect(known(scanDirectory(join(root, "link")))).toEqual(known(scanDirectory(data)));
    expect(known(scanDirectory(data))).toHaveLength(NAMES.length);
  });

  it("reads a file again that verify found to be other than its times say", async () => {
    const before = scanDirectory(data);
    const stamp = before.table.stamp(rowOf(before.table, "a.txt") ?? 0);
    // As after a change through a memory map, which may leave the file's times alone.
    before.record("a.txt", {
      stamp,
      value: hashBytes("sha2-256-chunked", Buffer.from("older")),
      hashedAtMs: Date.now(),
    });
    before.save();
    const pkg = await new Package().setDir("/", data);
    expect(known(scanDirectory(data))).toContain("a.txt");
    await pkg.setText("a.txt", "older");
    const registry = join(root, "registry");
    await pkg.push("u/p", registry);
    expect(known(scanDirectory(data))).toContain("a.txt");
    expect(await (await Package.browse("u/p", { registry })).verify(data)).toMatchObject({
      ok: false,
      modified: ["a.txt"],
    });
    expect(known(scanDirectory(data))).toEqual(known(before).filter((key) => key !== "a.txt"));
  });

  it("has the files in tree order, with the hashes that were taken down, below a prefix", () => {
    const run = scanRun(scanDirectory(data), "in/");
    const keys = Array.from(run.entries(), ({ logicalKey }) => logicalKey);
    expect(keys).toEqual(["in/a/x", "in/a/ü\t\n", "in/a b", "in/a.txt", "in/b/\uff5e", "in/b/𝔘"]);
    for (const key of keys) {
      expect(run.get(key)?.hash?.value).toBe(hashBytes("sha2-256-chunked", Buffer.from(key.slice(3))));
      expect(run.entries(key).next().value).toEqual(run.get(key));
    }
    expect([...run.entries("in0")]).toEqual([]);
    expect([...run.entries("a")]).toHaveLength(keys.length);
    expect(run.get("in/c")).toBeUndefined();
  });

  it("writes nothing when nothing differs", () => {
    const state = (): unknown => {
      const { ino, mtimeMs, ctimeMs } = statSync(cacheFile());
      return { ino, mtimeMs, ctimeMs };
    };
    const before = state();
    const scan = scanDirectory(data);
    expect(known(scan)).toHaveLength(NAMES.length);
    scan.save();
    expect(state()).toEqual(before);
  });

  it.each<[string, () => void]>([
    ["grew", () => writeFileSync(join(data, "a.txt"), "a.txt and more")],
    ["was rewritten at its size", () => writeFileSync(join(data, "a.txt"), "A.TXT")],
    [
      "was rewritten with its old time",
      () => {
        writeFileSync(join(data, "a.txt"), "A.TXT");
        utimesSync(join(data, "a.txt"), LONG_AGO_S, LONG_AGO_S);
      },
    ],
    [
      "was replaced by a file of its size and time",
      () => {
        writeFileSync(join(data, "new"), "A.TXT");
        utimesSync(join(data, "new"), LONG_AGO_S, LONG_AGO_S);
        renameSync(join(data, "new"), join(data, "a.txt"));
      },
    ],
  ])("does not know the hash of a file that %s, and knows all others", (_, change) => {
    change();
    expect(known(scanDirectory(data))).toEqual(["a/x", "a/ü\t\n", "a b", "b/\uff5e", "b/𝔘"]);
  });

  it("follows files that come and go, at either end and between", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }), (toggled) => {
        for (const n of toggled) {
          const path = join(data, `f${n}`);
          if (statSync(path, { throwIfNoEntry: false }) === undefined) writeFileSync(path, String(n));
          else rmSync(path);
        }
        const before = known(scanDirectory(data));
        const scan = scanDirectory(data);
        const keys = Array.from(scanRun(scan, "").entries(), ({ logicalKey }) => logicalKey);
        expect(keys.toSorted()).toEqual(
          readdirSync(data, { recursive: true, withFileTypes: true })
            .filter((item) => item.isFile())
            .map((item) => join(item.parentPath, item.name).slice(data.length + 1))
            .toSorted(),
        );
        // What is known is right, and what is taken down now is known next time.
        for (const key of before)
          expect(scanRun(scan, "").get(key)?.hash?.value).toBe(hashBytes("sha2-256-chunked", Buffer.from(key)));
        recordAll(scan);
        expect(known(scanDirectory(data))).toEqual(keys);
      }),
      { numRuns: 30 },
    );
  });

  it("never remembers a file that may have changed again within the clock's step", () => {
    writeFileSync(join(data, "racy"), "racy");
    recordAll(scanDirectory(data), 2000);
    expect(known(scanDirectory(data))).not.toContain("racy");
  });

  it("takes down no hash of another state of a file", () => {
    writeFileSync(join(data, "other"), "other");
    const scan = scanDirectory(data);
    const stamp = scan.table.stamp(scan.table.count - 1);
    expect(scan.table.key(scan.table.count - 1)).toBe("other");
    const hashedAtMs = stamp.mtimeMs + 60_000;
    const value = hashBytes("sha2-256-chunked", Buffer.from("other"));
    scan.record("other", { stamp: { ...stamp, ctimeMs: stamp.ctimeMs + 1 }, value, hashedAtMs });
    expect(known(scan)).not.toContain("other");
    scan.record("other", { stamp, value, hashedAtMs });
    expect(known(scan)).toContain("other");
  });

  it("knows what a link stands for, and reads it there", () => {
    symlinkSync("a/x", join(data, "link"));
    recordAll(scanDirectory(data));
    const entry = scanRun(scanDirectory(data), "").get("link");
    expect(entry?.physicalKeys[0]?.endsWith("/data/a/x")).toBe(true);
    expect(entry?.hash).not.toBeNull();
  });

  it("vouches for nothing when any byte of its cache is bent or missing", () => {
    const file = cacheFile();
    const bytes = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bent = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
        if (!isCut) bent[at] = (bent[at] as number) ^ flip;
        writeFileSync(file, bent);
        expect(known(scanDirectory(data))).toEqual([]);
      }),
    );
  });

  it("costs only speed where the cache cannot be written", () => {
    writeFileSync(join(root, "file"), "");
    vi.stubEnv("XDG_CACHE_HOME", join(root, "file"));
    const scan = scanDirectory(data);
    expect(() => recordAll(scan)).not.toThrow();
    expect(known(scanDirectory(data))).toEqual([]);
  });
});
