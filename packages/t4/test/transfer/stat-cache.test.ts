import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { openStatCache } from "#t4/transfer/stat-cache.js";
import { temporaryDirectory } from "../temporary.js";

const HASH = { type: "sha2-256-chunked", value: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" };
const CHANGED_MS = 1_700_000_000_000.25;
const STAMP = { size: 3, mtimeMs: CHANGED_MS, ctimeMs: CHANGED_MS, inode: 7, device: 1 };
const LATER_MS = CHANGED_MS + 10_000;

describe("the stat cache", () => {
  let file: string;

  beforeEach(() => {
    file = join(temporaryDirectory(), "deep/cache");
    const cache = openStatCache(file);
    cache.record("/data/\ta\n", { stamp: STAMP, hash: HASH, hashedAtMs: LATER_MS });
    cache.record("/data/b", { stamp: STAMP, hash: HASH, hashedAtMs: LATER_MS });
    cache.save();
  });

  const known = (path: string, stamp = STAMP) => openStatCache(file).lookup(path, stamp);

  it("knows a file that did not change, also by an odd name", () => {
    expect(known("/data/\ta\n")).toEqual(HASH);
    expect(known("/data/b")).toEqual(HASH);
    expect(known("/data/c")).toBeUndefined();
  });

  it.each(["size", "mtimeMs", "ctimeMs", "inode", "device"] as const)("forgets a file whose %s changed", (name) => {
    const changed = { ...STAMP, [name]: STAMP[name] + 1 };
    expect(known("/data/b", changed)).toBeUndefined();
  });

  it("never remembers a file that may have changed again within the clock's step", () => {
    const cache = openStatCache(file);
    const hashedAtMs = CHANGED_MS + 2000;
    cache.record("/data/racy", { stamp: STAMP, hash: HASH, hashedAtMs });
    cache.save();
    expect(known("/data/racy")).toBeUndefined();
  });

  it("vouches for nothing when any byte of it is bent or missing", () => {
    const bytes = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bent = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
        if (!isCut) bent[at] = (bent[at] as number) ^ flip;
        writeFileSync(file, bent);
        expect(known("/data/b")).toBeUndefined();
      }),
    );
  });

  it("costs only speed where it cannot be written", () => {
    const cache = openStatCache(join(file, "not a directory/cache"));
    cache.record("/data/b", { stamp: STAMP, hash: HASH, hashedAtMs: LATER_MS });
    expect(() => cache.save()).not.toThrow();
  });
});
