import fc from "fast-check";
import { Package } from "t4";
import { describe, expect, it } from "vitest";
import { findFiles } from "#server/find-files.js";
import { indexRevision, listDirectory, totals } from "#server/revision-index.js";

const name = fc.stringMatching(/^[a-c.é😀-]{1,3}$/u).filter((part) => part !== "." && part !== "..");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

async function build(paths: readonly string[]): Promise<{ readonly pkg: Package; readonly kept: Map<string, number> }> {
  const pkg = new Package();
  const kept = new Map<string, number>();
  for (const [i, key] of paths.entries()) {
    if (pkg.has(key) || key.split("/").some((_, n, parts) => kept.has(parts.slice(0, n).join("/")))) continue;
    await pkg.setBytes(key, new Uint8Array(i));
    kept.set(key, i);
  }
  return { pkg, kept };
}

/** The same from the paths alone. */
function expected(
  kept: Map<string, number>,
  directory: string,
): Map<string, { bytes: number; count: number; isDirectory: boolean }> {
  const children = new Map<string, { bytes: number; count: number; isDirectory: boolean }>();
  const prefix = directory === "" ? "" : `${directory}/`;
  for (const [key, size] of kept) {
    if (!key.startsWith(prefix)) continue;
    const [child = "", ...rest] = key.slice(prefix.length).split("/");
    const before = children.get(child) ?? { bytes: 0, count: 0 };
    children.set(child, { bytes: before.bytes + size, count: before.count + 1, isDirectory: rest.length > 0 });
  }
  return children;
}

describe("the index of a revision", () => {
  it("lists every directory as its paths say", async () => {
    const all = fc.uniqueArray(path, { maxLength: 40 });
    const property = fc.asyncProperty(all, fc.constantFrom("name", "-name", "size", "-size"), async (paths, sort) => {
      const { pkg, kept } = await build(paths);
      const index = await indexRevision(pkg);
      expect(totals(index)).toEqual({
        count: kept.size,
        bytes: [...kept.values()].reduce((sum, size) => sum + size, 0),
      });
      const directories = new Set(
        [...kept.keys()].flatMap((key) => key.split("/").map((_, n, parts) => parts.slice(0, n).join("/"))),
      );
      for (const directory of directories) {
        const page = listDirectory(index, directory, { offset: 0, limit: 1000, sort });
        const found = new Map(page?.children.map(({ name: child, ...rest }) => [child, rest]));
        expect(found).toEqual(expected(kept, directory));
      }
      for (const key of kept.keys())
        expect(listDirectory(index, key, { offset: 0, limit: 1, sort: "name" })).toBeUndefined();
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it("knows names that JavaScript's objects have already", async () => {
    const { pkg } = await build(["__proto__/a", "constructor/prototype/b", "toString"]);
    const page = listDirectory(await indexRevision(pkg), "", { offset: 0, limit: 9, sort: "name" });
    expect(page?.children.map(({ name: child }) => child)).toEqual(["__proto__", "constructor", "toString"]);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});

describe("finding files", () => {
  it("gives the best of any number of hits", () => {
    const keys = Array.from({ length: 30_000 }, (_, i) => `d/e/s/t/${i}.txt`);
    keys.push("dest");
    expect(findFiles(keys, "dest", 1)).toEqual({ paths: ["dest"], searched: 30_001, matches: 30_001 });
  });

  const keys = ["data/weather.csv", "data/wind.csv", "notes/data.md", "w/e/a.txt", "README.md"];

  it("puts the beginning of a name first, then its middle, then directories, then letters in their order", () => {
    expect(findFiles(keys, "data", 9).paths).toEqual(["notes/data.md", "data/wind.csv", "data/weather.csv"]);
    expect(findFiles(keys, "wea", 9).paths).toEqual(["data/weather.csv", "w/e/a.txt"]);
    expect(findFiles(keys, "READ", 9).paths).toEqual(["README.md"]);
  });

  it("counts all that fit, shows as many as asked for, and takes all for nothing", () => {
    expect(findFiles(keys, "", 2)).toEqual({ paths: ["w/e/a.txt", "README.md"], searched: 5, matches: 5 });
    expect(findFiles(keys, "zzz", 2)).toEqual({ paths: [], searched: 5, matches: 0 });
  });

  it("takes what looks like a pattern as it stands", () => {
    expect(findFiles(["a+b(c", "aab"], "a+b(", 9).paths).toEqual(["a+b(c"]);
  });
});
