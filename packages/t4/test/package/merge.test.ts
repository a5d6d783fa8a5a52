import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { isT4Error, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

let registry: string;

beforeEach(() => {
  registry = join(temporaryDirectory(), "registry");
});

type Files = Readonly<Record<string, string>>;

async function packageOf(files: Files): Promise<Package> {
  const pkg = new Package();
  for (const [key, text] of Object.entries(files)) await pkg.setText(key, text);
  await pkg.hashPending();
  return pkg;
}

async function filesOf(pkg: Package): Promise<Files> {
  const files: [string, string][] = [];
  for (const [key, entry] of pkg.walk()) files.push([key, await entry.text()]);
  return Object.fromEntries(files);
}

function clashesOf(merge: () => unknown): readonly string[] {
  try {
    merge();
  } catch (error) {
    if (isT4Error(error, "ERR_T4_CONFLICT")) return error.facts["clashes"] as readonly string[];
    throw error;
  }
  return [];
}

describe("merge", () => {
  it("brings both sides' changes together, and stands on theirs", async () => {
    const start = await packageOf({ "a.txt": "1", "b.txt": "1", "c.txt": "1" });
    await start.setMeta({ owner: "a" }).push("a/b", registry);
    const browse = (): Promise<Package> => Package.browse("a/b", { registry });
    const [base, mine, theirs] = [await browse(), await browse(), await browse()];
    await (await mine.delete("a.txt").setText("new/mine.txt", "2")).setMeta({ kept: true }, "new").hashPending();
    await (await theirs.setText("b.txt", "2")).setMeta({ owner: "b" }).push("a/b", registry);
    await expect(mine.push("a/b", registry)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    const merged = mine.merge(base, await browse());
    await merged.push("a/b", registry, { message: "both" });
    const now = await browse();
    expect(await filesOf(now)).toEqual({ "b.txt": "2", "c.txt": "1", "new/mine.txt": "2" });
    expect([now.meta, now.metaOf("new")]).toEqual([{ owner: "b" }, { kept: true }]);
  });

  it("takes the same change of both as one", async () => {
    const base = await packageOf({ a: "1", gone: "1" });
    const changed = { a: "2", added: "3" };
    const merged = (await packageOf(changed)).merge(base, await packageOf(changed));
    expect(await filesOf(merged)).toEqual(changed);
  });

  it("names all that both changed in different ways, files and metadata, and changes nothing", async () => {
    const base = (await packageOf({ a: "1", b: "1", c: "1" })).setMeta({ x: 1 });
    const mine = (await packageOf({ a: "2", c: "2" })).setMeta({ x: 2 });
    const theirs = (await packageOf({ a: "3", b: "2", c: "1" })).setMeta({ x: 3 });
    expect(clashesOf(() => mine.merge(base, theirs))).toEqual(["b", "a", "/"]);
    expect(await filesOf(mine)).toEqual({ a: "2", c: "2" });
    expect(await filesOf(theirs)).toEqual({ a: "3", b: "2", c: "1" });
  });

  it("lets a directory take a file's place, and refuses where they made one themselves", async () => {
    const base = await packageOf({ a: "1" });
    const mine = await packageOf({ "a/b": "2" });
    expect(await filesOf(mine.merge(base, await packageOf({ a: "1", c: "1" })))).toEqual({ "a/b": "2", c: "1" });
    expect(
      clashesOf(() =>
        mine.merge(
          base,
          base.filter(() => true),
        ),
      ),
    ).toEqual([]);
    const file = await packageOf({ a: "1", d: "mine" });
    expect(clashesOf(() => file.merge(base, new Package()))).toEqual([]);
    const theirs = await packageOf({ a: "1", "d/e": "theirs" });
    expect(clashesOf(() => file.merge(base, theirs))).toEqual(["d"]);
  });

  it("agrees with a merge of plain maps", async () => {
    const files = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("1", "2", "3"), {
      noNullPrototype: true,
    });
    const property = fc.asyncProperty(files, files, files, async (base, mine, theirs) => {
      const [b, m, t] = [await packageOf(base), await packageOf(mine), await packageOf(theirs)];
      const keys = ["a", "b", "c", "d"];
      const clashes = keys.filter(
        (key) => mine[key] !== base[key] && theirs[key] !== base[key] && mine[key] !== theirs[key],
      );
      expect([...clashesOf(() => m.merge(b, t))].sort()).toEqual(clashes);
      if (clashes.length > 0) return;
      const expected = keys.map((key) => [key, mine[key] === base[key] ? theirs[key] : mine[key]]);
      expect(await filesOf(m.merge(b, t))).toEqual(
        Object.fromEntries(expected.filter(([, text]) => text !== undefined)),
      );
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
