import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import type { Change } from "#server/api.js";
import { type Comparison, compareRevisions } from "#server/compare-revisions.js";
import { createComparisons } from "#server/comparisons.js";
import { indexRevision } from "#server/revision-index.js";
import { push, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
const catalog = testCatalog();
let base: string;
let first: string;
let second: string;

beforeAll(async () => {
  const before = {
    "same.txt": "same",
    "changed.txt": "before",
    "moves/from.txt": "moves",
    "gone/a.txt": "a",
    "gone/b/c.txt": "c",
    "lone.txt": "lone",
    "empty.txt": "",
  };
  first = await push({ registry, name: "alice/a" }, before, { message: "First", meta: { n: 1 } });
  const pkg = new Package().setMeta({ n: 2 });
  await pkg.setText("same.txt", "same", { meta: { said: "more" } });
  await pkg.setText("changed.txt", "after that");
  await pkg.setText("moved.txt", "moves");
  await pkg.setText("new/x/1.txt", "1");
  await pkg.setText("new/x/2.txt", "22");
  await pkg.setText("new/only.txt", "333");
  await pkg.setText("other-empty.txt", "");
  second = await pkg.push("alice/a", registry, { message: "Second" });
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/m`;
});

describe("two revisions", () => {
  it("are compared file by file; what came and went as a whole is one change, and moved bytes are known again", async () => {
    expect(await catalog.json(`${base}/${second}/compare/${first}`)).toEqual({
      counts: { added: 4, removed: 4, modified: 1, metadata: 1, moved: 1, same: 0 },
      bytesBefore: 21,
      bytesAfter: 25,
      directories: [""],
      total: 8,
      offset: 0,
      changes: [
        { kind: "modified", path: "changed.txt", from: null, count: 1, before: 6, after: 10 },
        { kind: "removed", path: "empty.txt", from: null, count: 1, before: 0, after: null },
        { kind: "removed", path: "gone/", from: null, count: 2, before: 2, after: null },
        { kind: "removed", path: "lone.txt", from: null, count: 1, before: 4, after: null },
        { kind: "moved", path: "moved.txt", from: "moves/from.txt", count: 1, before: 5, after: 5 },
        { kind: "added", path: "new/", from: null, count: 3, before: null, after: 6 },
        { kind: "added", path: "other-empty.txt", from: null, count: 1, before: null, after: 0 },
        { kind: "metadata", path: "same.txt", from: null, count: 1, before: 4, after: 4 },
      ],
    });
  });

  it("are read in parts, and by kind", async () => {
    const part = await catalog.json<{ total: number; changes: { path: string }[] }>(
      `${base}/${second}/compare/${first}?kind=removed&offset=1&limit=1`,
    );
    expect(part).toMatchObject({ total: 3, offset: 1, changes: [{ path: "gone/" }] });
    const none = await catalog.json(`${base}/${second}/compare/${second}`);
    expect(none).toMatchObject({ total: 0, counts: { same: 7 }, changes: [] });
  });

  it("tell of one path alone, wherever it stands among them", async () => {
    const url = `${base}/${second}/compare/${first}?path=`;
    expect(await catalog.json(`${url}moved.txt`)).toMatchObject({
      total: 1,
      changes: [{ kind: "moved", path: "moved.txt", from: "moves/from.txt" }],
    });
    expect(await catalog.json(`${url}same.tx`)).toMatchObject({ total: 0, changes: [] });
  });

  it("must both be of the package, and be named in full", async () => {
    expect((await catalog.get(`${base}/${second}/compare/${first.slice(0, 10)}`)).status).toBe(400);
    expect((await catalog.get(`${base}/${second}/compare/${"0".repeat(64)}`)).status).toBe(404);
  });

  it("may be of two packages", async () => {
    const other = await push({ registry, name: "bob/b" }, { "same.txt": "same", "changed.txt": "bob's" });
    const url = `${base}/${second}/compare/${other}`;
    expect((await catalog.get(url)).status).toBe(404);
    expect(await catalog.json(`${url}?of=bob/b`)).toMatchObject({
      counts: { added: 5, removed: 0, modified: 1, metadata: 1 },
      bytesBefore: 9,
    });
    expect((await catalog.get(`${url}?of=bob/none`)).status).toBe(404);
    expect((await catalog.get(`${url}?of=../b`)).status).toBe(400);
  });
});

describe("very many files of one content", () => {
  const FILES = 6000;

  it("that all moved cost one look each, and other requests are served meanwhile", async () => {
    const one = new Package();
    await one.setText("x.txt", "all alike");
    await one.push("bob/one", registry);
    const entry = (await Package.browse("bob/one", { registry })).entry("x.txt");
    const pushAll = async (directory: string): Promise<string> => {
      const pkg = new Package();
      for (let i = 0; i < FILES; i++) await pkg.set(`${directory}/${i}`, entry);
      return pkg.push("bob/many", registry);
    };
    const [old, now] = [await pushAll("old"), await pushAll("new")];
    const open = async (topHash: string) => {
      const pkg = await Package.browse("bob/many", { registry, topHash });
      return { pkg, index: await indexRevision(pkg) };
    };
    const sides = [await open(old), await open(now)] as const;
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    turn();
    const { counts, changes } = await compareRevisions(...sides, new AbortController().signal);
    isDone = true;
    expect(counts).toMatchObject({ moved: FILES, added: 0, removed: 0 });
    expect(new Set(changes.map(({ from }) => from)).size).toBe(FILES);
    expect(turns).toBeGreaterThan(10);
    await expect(compareRevisions(...sides, AbortSignal.abort())).rejects.toThrow(/aborted/);
  });
});

describe("comparisons", () => {
  const made = (changes: number): Comparison => ({
    counts: { added: 0, removed: 0, modified: 0, metadata: 0, moved: 0, same: 0 },
    bytesBefore: 0,
    bytesAfter: 0,
    directories: [],
    changes: Array.from({ length: changes }, () => ({}) as Change),
  });
  const waiting = new AbortController().signal;

  it("are made one after the other, each once, and not at all when nobody waits any more", async () => {
    const comparisons = createComparisons();
    const begun: string[] = [];
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const make = (name: string) => async () => {
      begun.push(name);
      await gate;
      return made(1);
    };
    const one = comparisons("first", waiting, make("first"));
    const [left, right] = [new AbortController(), new AbortController()];
    const gone = comparisons("gone", left.signal, make("gone"));
    const stays = [comparisons("stays", right.signal, make("stays")), comparisons("stays", waiting, make("again"))];
    left.abort();
    right.abort();
    go();
    await one;
    await expect(gone).rejects.toThrow(/abort/);
    await Promise.all(stays);
    expect(begun).toEqual(["first", "stays"]);
    await comparisons("gone", waiting, make("gone"));
    await comparisons("first", waiting, make("first"));
    expect(begun).toEqual(["first", "stays", "gone"]);
  });

  it("are kept while all of them together have no million changes", async () => {
    const comparisons = createComparisons();
    let count = 0;
    const make = (key: string) =>
      comparisons(key, waiting, async () => {
        count++;
        return made(400_000);
      });
    for (const key of ["a", "b", "a", "b"]) await make(key);
    expect(count).toBe(2);
    await make("c");
    await make("b");
    expect(count).toBe(3);
    await make("a");
    expect(count).toBe(4);
  });
});
