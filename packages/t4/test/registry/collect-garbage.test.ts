import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const NOW = { dryRun: false, graceMs: 0 } as const;

describe("collecting garbage", () => {
  let root: string;
  const open = () => openRegistry(root);
  const files = (folder: string): string[] =>
    readdirSync(join(root, ".quilt", folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name));

  const push = async (name: string, text: string, options = {}): Promise<string> => {
    const pkg = await new Package().setText("file.txt", text);
    return pkg.push(name, root, { force: true, ...options });
  };
  /** Operations of the last 90 days keep what they could bring back. */
  const forgetOperations = (): void => rmSync(join(root, ".quilt/t4/ops"), { recursive: true, force: true });

  beforeEach(async () => {
    root = temporaryDirectory();
    await push("u/p", "one");
    await push("u/p", "two");
    await push("u/q", "three");
  });

  it("finds nothing where everything is referred to", async () => {
    expect(await (await open()).collectGarbage({ graceMs: 0 })).toMatchObject({ manifests: [], objects: [] });
  });

  it("says by default what it would remove, and removes nothing", async () => {
    await (await open()).deletePackage("u/q");
    forgetOperations();
    const before = [...files("packages"), ...files("t4/objects")];
    const report = await (await open()).collectGarbage({ graceMs: 0 });
    expect(report).toMatchObject({ dryRun: true, bytes: expect.any(Number) as number });
    expect([report.manifests.length, report.objects.length]).toEqual([1, 1]);
    expect([...files("packages"), ...files("t4/objects")]).toEqual(before);
    expect(await (await open()).collectGarbage(NOW)).toMatchObject({ manifests: report.manifests });
    expect(files("packages")).toHaveLength(2);
    expect(files("t4/objects")).toHaveLength(2);
    expect(await (await open()).fsck({ readData: true })).toEqual([]);
  });

  it("keeps what an undo would bring back", async () => {
    const registry = await open();
    await registry.deletePackage("u/q");
    expect(await registry.collectGarbage(NOW)).toMatchObject({ manifests: [], objects: [] });
    await registry.undo("u/q");
    const pkg = await Package.browse("u/q", { registry: root });
    expect(await pkg.entry("file.txt").text()).toBe("three");
  });

  it("keeps a revision that only a tag names", async () => {
    const registry = await open();
    const old = await registry.resolve("u/p", "latest~1");
    await registry.tag("u/p", "keep", { revision: old });
    for (const name of readdirSync(join(root, ".quilt/named_packages/u/p"))) {
      if (/^\d+$/.test(name)) rmSync(join(root, ".quilt/named_packages/u/p", name));
    }
    forgetOperations();
    await registry.collectGarbage(NOW);
    expect(await (await Package.browse("u/p:keep", { registry: root })).entry("file.txt").text()).toBe("one");
  });

  it("keeps what is younger than the grace period, as a running push writes it", async () => {
    await (await open()).deletePackage("u/q");
    forgetOperations();
    expect(await (await open()).collectGarbage({ dryRun: false })).toMatchObject({ manifests: [], objects: [] });
  });

  it("keeps an object that a push uses again while its last revision goes", async () => {
    const registry = await open();
    await registry.deletePackage("u/q");
    forgetOperations();
    for (const path of [...files("t4/objects"), ...files("packages")]) utimesSync(path, new Date(0), new Date(0));
    // The push finds the object there, touches it, and has not committed yet.
    await (await new Package().setText("again.txt", "three")).push("u/r", root, { select: () => true });
    await registry.collectGarbage({ dryRun: false });
    const pkg = await Package.browse("u/r", { registry: root });
    expect(await pkg.entry("again.txt").text()).toBe("three");
  });

  it("stops at a manifest that it cannot read: nothing can be known to be garbage then", async () => {
    await (await open()).deletePackage("u/q");
    forgetOperations();
    const manifest = join(root, ".quilt/packages", await (await open()).resolve("u/p"));
    writeFileSync(manifest, "torn");
    await expect((await open()).collectGarbage(NOW)).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(files("t4/objects")).toHaveLength(3);
  });

  it("takes away what dead processes left, and only old things", async () => {
    const stale = join(root, ".quilt/t4/tmp/dead");
    mkdirSync(join(stale, ".."), { recursive: true });
    writeFileSync(stale, "x");
    expect(await (await open()).collectGarbage({ dryRun: false })).toMatchObject({ objects: [] });
    utimesSync(stale, new Date(0), new Date(0));
    await (await open()).collectGarbage({ dryRun: false });
    expect(existsSync(stale)).toBe(false);
  });

  it("stops when it is aborted, and the next run goes on", async () => {
    await (await open()).deletePackage("u/q");
    forgetOperations();
    const aborted = (await open()).collectGarbage({ ...NOW, signal: AbortSignal.abort(new Error("enough")) });
    await expect(aborted).rejects.toThrow("enough");
    await (await open()).collectGarbage(NOW);
    expect(files("t4/objects")).toHaveLength(2);
  });
});
