import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Package, type PackageEntry } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import type { DirectoryPage, RevisionTotals, TreeNode } from "#server/api.js";
import { type GlancedPackage, glanceAt } from "#server/glance.js";
import { indexRevision, listDirectory } from "#server/revision-index.js";
import { push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");

async function packageOf(keys: readonly string[]): Promise<Package> {
  const one = await new Package().setText("a", "12345");
  await one.build("alice/one", { registry: join(home, "one"), snapshot: true });
  const pkg = new Package();
  // Entries of another package cost no look at a disk.
  for (const key of keys) await pkg.set(key, one.entry("a"));
  return pkg;
}

describe("a glance", () => {
  it("shows what the index shows, without the sums of directories", async () => {
    const keys = ["README.md", "__proto__/x", "b/c/d", "b/e", "z é/1", "z é/2", "z"];
    const pkg = await packageOf(keys);
    const index = await indexRevision(pkg);
    for (const path of ["", "b", "b/c", "z é"]) {
      const listed = listDirectory(index, path, { offset: 0, limit: 3, sort: "name" });
      const withoutSums = ({ name, isDirectory, bytes }: TreeNode): TreeNode =>
        isDirectory ? { name, isDirectory, bytes: null, count: null } : { name, isDirectory, bytes, count: 1 };
      expect(glanceAt(pkg, path, { offset: 0, limit: 3 })).toEqual({
        ...listed,
        children: listed?.children.map(withoutSums),
        isCounted: false,
      });
    }
    expect(glanceAt(pkg, "nothing", { offset: 0, limit: 3 })).toBeUndefined();
    expect(glanceAt(new Package(), "", { offset: 0, limit: 3 })).toMatchObject({ total: 0 });
  });
});

describe("a glance at many directories", () => {
  /** A package whose every step is counted, with the files of the root alone. */
  const counting = (keys: readonly string[], files: readonly string[] = []): GlancedPackage & { steps: number } => ({
    steps: 0,
    *keys() {
      for (const key of keys) {
        this.steps++;
        yield key;
      }
    },
    has: (key) => files.includes(key),
    entry: (key) => ({ logicalKey: key, size: 5 }) as PackageEntry,
  });
  const many = Array.from({ length: 5000 }, (_, i) => `d${String(i).padStart(4, "0")}/`);

  it("takes in the first of them, and finds the readme and the summary by their names", () => {
    const pkg = counting(many, ["README.md", "quilt_summarize.json"]);
    const page = glanceAt(pkg, "", { offset: 0, limit: 100 });
    expect(pkg.steps).toBe(200);
    expect(page).toMatchObject({ total: 200, readme: "README.md", summary: "quilt_summarize.json", isCounted: false });
    expect(page?.children.map(({ name }) => `${name}/`)).toEqual(many.slice(0, 100));
  });

  it("leaves out files that stand between them: these come behind all directories", () => {
    const page = glanceAt(counting(many.flatMap((key, i) => [`a${i}`, key])), "", { offset: 0, limit: 1000 });
    expect(page?.children.map(({ name }) => `${name}/`)).toEqual(many.slice(0, 200));
  });

  it("takes in files where no directory stands before them, and waits for the index where one does", () => {
    const names = Array.from({ length: 3000 }, (_, i) => `f${String(i).padStart(4, "0")}`);
    const pkg = counting(names);
    const page = glanceAt(pkg, "", { offset: 0, limit: 1000 });
    expect(pkg.steps).toBe(1001);
    expect(page).toMatchObject({ total: 200, isCounted: false });
    expect(page?.children.map(({ name }) => name)).toEqual(names.slice(0, 200));
    expect(glanceAt(counting(["d/", ...names]), "", { offset: 0, limit: 10 })).toBeUndefined();
  });

  it("waits for the index where another part is asked for", () => {
    expect(glanceAt(counting(many), "", { offset: 200, limit: 200 })).toBeUndefined();
  });
});

describe("a large revision", () => {
  let catalog: TestCatalog;
  let base: string;

  beforeAll(async () => {
    const keys = Array.from({ length: 25_000 }, (_, i) => `${i < 2000 ? "flat" : `d${i % 40}`}/${i}.txt`);
    const pkg = await packageOf(keys);
    await pkg.build("alice/large", { registry });
    await push({ registry, name: "alice/small" }, { "d/a.txt": "a" });
    catalog = testCatalog();
    const { id } = await catalog.registries.open(registry);
    base = `/api/v1/r/${id}/p/alice/large`;
    base = `${base}/m/${(await catalog.json<{ topHash: string }>(`${base}/resolve`)).topHash}`;
  });

  it("shows a first directory before it is indexed, and then with its sums", async () => {
    const glance = await catalog.json<DirectoryPage>(`${base}/dir`);
    expect(glance).toMatchObject({ total: 41, isCounted: false });
    expect(glance.children[0]).toEqual({ name: "d0", isDirectory: true, bytes: null, count: null });
    const counted = await catalog.json<DirectoryPage>(`${base}/dir?counted=1`);
    expect(counted.isCounted).toBe(true);
    expect(counted.children[0]).toEqual({ name: "d0", isDirectory: true, bytes: 575 * 5, count: 575 });
    expect(await catalog.json(`${base}/dir`)).toEqual(counted);
    expect(await catalog.json<RevisionTotals>(`${base}/totals`)).toMatchObject({ bytes: 125_000 });
  });

  it.runIf(existsSync("/proc/self/io"))("is opened by reading a small part of its manifest", async () => {
    const readBytes = (): number => Number(/rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
    const topHash = base.split("/").pop() ?? "";
    const { size } = statSync(join(registry, ".quilt/packages", topHash));
    const fresh = testCatalog();
    await fresh.registries.list();
    const before = readBytes();
    expect(await fresh.json(`${base}/dir?path=d7`)).toMatchObject({ total: 575, isCounted: false });
    expect(readBytes() - before).toBeLessThan(size / 4);
  });

  it("shows the first files of a directory that has many, and nothing else", async () => {
    const fresh = testCatalog();
    const flat = await fresh.json<DirectoryPage>(`${base}/dir?path=flat&limit=100`);
    expect(flat).toMatchObject({ total: 200, isCounted: false });
    expect(flat.children).toHaveLength(100);
    expect(flat.children[0]).toEqual({ name: "0.txt", isDirectory: false, bytes: 5, count: 1 });
    expect(await fresh.json(`${base}/dir?path=flat&counted=1`)).toMatchObject({ total: 2000, isCounted: true });
  });

  it("waits for its index where a later part is asked for, and for another order", async () => {
    for (const query of ["path=flat&offset=200", "sort=-size"]) {
      const fresh = testCatalog();
      expect(await fresh.json(`${base}/dir?${query}`)).toMatchObject({ isCounted: true });
    }
  });
});
