import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
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
    const response = await catalog.get(`${base}/${second}/compare/${first}`);
    expect(response.headers.get("Cache-Control")).toContain("immutable");
    expect(await response.json()).toEqual({
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
