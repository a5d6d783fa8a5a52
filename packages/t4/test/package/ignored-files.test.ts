import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/package/package.js";
import { temporaryDirectory } from "../temporary.js";

/** Rules that match files of the package itself: only the library can have set those. */
const RULES = "*.log\nsecret/\nbuild/*\n!build/keep\n";
const FILES = [".quiltignore", "a.log", "build/keep", "build/out", "secret/deep/key", "data.csv"];

describe("files that a rule leaves out but the package has", () => {
  let root: string;
  let registry: string;
  let copy: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    copy = join(root, "copy");
    const pkg = new Package();
    for (const key of FILES) await pkg.setText(key, key === ".quiltignore" ? RULES : key);
    await pkg.push("a/b", registry);
    await Package.install("a/b", { registry, dest: copy });
    // Untracked ones beside them are left out as ever.
    for (const key of ["b.log", "secret/other", "secret/deep/other", "build/other", "secret/x/y"]) {
      mkdirSync(join(copy, key, ".."), { recursive: true });
      writeFileSync(join(copy, key), "left out");
    }
  });

  const current = async (): Promise<Package> => {
    const directory = await Package.openDirectory(copy);
    if (directory === undefined) throw new Error("It remembers nothing.");
    return directory.current;
  };

  it("are looked at by verify", async () => {
    const pkg = await Package.browse("a/b", { registry });
    expect(await pkg.verify(copy)).toMatchObject({ ok: true, checked: FILES.length });
    writeFileSync(join(copy, "secret/deep/key"), "secret/deep/KEY");
    rmSync(join(copy, "a.log"));
    expect(await pkg.verify(copy)).toMatchObject({ missing: ["a.log"], modified: ["secret/deep/key"], extra: [] });
  });

  it("are there when the directory is opened and pushed, changed, or gone", async () => {
    const before = await Package.browse("a/b", { registry });
    expect(before.diff(await current())).toEqual({ added: [], modified: [], deleted: [], metadata: [] });
    writeFileSync(join(copy, "build/out"), "new");
    rmSync(join(copy, "secret"), { recursive: true });
    await (await current()).push("a/b", registry);
    const after = await Package.browse("a/b", { registry });
    const changes = { added: [], modified: ["build/out"], deleted: ["secret/deep/key"], metadata: [] };
    expect(before.diff(after)).toEqual(changes);
  });

  it("stay in the package into which the directory is set, below a prefix, too", async () => {
    const pkg = await new Package().setText("in/a.log", "old");
    await pkg.setDir("in", copy, { mirror: true });
    expect(pkg.map((key) => key)).toEqual(["in/.quiltignore", "in/a.log", "in/build/keep", "in/data.csv"].sort());
    expect(await pkg.entry("in/a.log").text()).toBe("a.log");
  });
});
