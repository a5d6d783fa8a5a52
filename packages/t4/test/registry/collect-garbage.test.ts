import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";
import { fileStore } from "#t4/store/file/file-store.js";
import { openRecord, sealRecord } from "#t4/store/sealed-record.js";
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

  it("says what stays for an undo alone, and until when", async () => {
    expect((await (await open()).collectGarbage()).keptForUndo).toEqual({ revisions: 0, bytes: 0, until: undefined });
    const before = new Set(files("packages"));
    await push("u/r", "one");
    await push("u/r", "a new one");
    // Both packages have the file "one", in the very same revision.
    const made = files("packages").filter((path) => !before.has(path));
    expect(made).toHaveLength(1);
    const size = statSync(made[0] ?? "").size + "a new one".length;
    await (await open()).deletePackage("u/r");
    const after = Date.now();
    for (const options of [{ graceMs: 0 }, NOW, {}]) {
      const { keptForUndo, manifests, objects } = await (await open()).collectGarbage(options);
      expect([manifests, objects]).toEqual([[], []]);
      expect(keptForUndo).toMatchObject({ revisions: 1, bytes: size });
      expect(Math.abs((keptForUndo.until?.getTime() ?? 0) - after - 90 * 24 * 3600 * 1000)).toBeLessThan(60_000);
    }
  });

  it("gives up what stays for an undo when told to, but for operations within the grace period", async () => {
    const registry = await open();
    await registry.deletePackage("u/q");
    const young = await registry.collectGarbage({ dryRun: false, forgetUndo: true });
    expect(young).toMatchObject({ manifests: [], objects: [], keptForUndo: { revisions: 1 } });
    const planned = await registry.collectGarbage({ graceMs: 0, forgetUndo: true });
    expect(await registry.undo("u/q", { dryRun: true })).toMatchObject({ kind: "delete package" });
    const done = await registry.collectGarbage({ ...NOW, forgetUndo: true });
    expect(done).toEqual({ ...planned, dryRun: false });
    expect(done).toMatchObject({ manifests: [expect.any(String)], keptForUndo: { revisions: 0, bytes: 0 } });
    expect(done.objects.some((key) => key.startsWith(".quilt/t4/objects/"))).toBe(true);
    for (const name of ["u/p", "u/q"])
      await expect(registry.undo(name)).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    expect(await registry.fsck({ readData: true })).toEqual([]);
  });

  it("forgets no operation that goes on meanwhile, nor removes anything of it", async () => {
    await (await open()).deletePackage("u/q");
    const store = fileStore(root, { stateKey: ".quilt/t4", url: pathToFileURL(root).href });
    const busy = packageRegistry({ ...store, deleteIfOlder: async () => false });
    const before = [...files("packages"), ...files("t4")];
    await expect(busy.collectGarbage({ ...NOW, forgetUndo: true })).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect([...files("packages"), ...files("t4")]).toEqual(before);
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
    const nothing = { manifests: [], objects: [], bytes: 0 };
    expect(await (await open()).collectGarbage()).toMatchObject(nothing);
    expect(await (await open()).collectGarbage({ dryRun: false })).toMatchObject(nothing);
  });

  it("keeps the old objects of a young manifest, which its push may be about to commit", async () => {
    await (await open()).deletePackage("u/q");
    forgetOperations();
    for (const path of files("t4/objects")) utimesSync(path, new Date(0), new Date(0));
    expect(await (await open()).collectGarbage({ dryRun: false })).toMatchObject({ manifests: [], objects: [] });
    expect(files("t4/objects")).toHaveLength(3);
  });

  it("keeps an old manifest that a push uses again and has not committed yet", async () => {
    const registry = packageRegistry(fileStore(root, { stateKey: ".quilt/t4", url: pathToFileURL(root).href }));
    const content = { header: new Map([["version", "v0"]]), directories: new Map(), entries: [] };
    const { topHash } = await registry.writeManifest(content);
    for (const path of files("packages")) utimesSync(path, new Date(0), new Date(0));
    await registry.writeManifest(content);
    await registry.collectGarbage({ dryRun: false });
    expect(files("packages").some((path) => path.endsWith(topHash))).toBe(true);
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

  describe("opened through another path than the one that was pushed under", () => {
    const texts = async (registry: string): Promise<string[]> => {
      const found: string[] = [];
      for (const name of ["u/p", "u/q"])
        found.push(await (await Package.browse(name, { registry })).entry("file.txt").text());
      return found;
    };
    const nothing = { manifests: [], objects: [] };

    it.skipIf(process.platform === "win32")("by a link, keeps what is used", async () => {
      const link = join(temporaryDirectory(), "link");
      symlinkSync(root, link);
      expect(await (await openRegistry(link)).collectGarbage(NOW)).toMatchObject(nothing);
      expect(await texts(root)).toEqual(["two", "three"]);
      // And the reverse: what was pushed through the link.
      await (await new Package().setText("file.txt", "four")).push("u/l", link);
      expect(await (await open()).collectGarbage(NOW)).toMatchObject(nothing);
      expect(await (await Package.browse("u/l", { registry: link })).entry("file.txt").text()).toBe("four");
    });

    it("after the registry was moved, keeps what is used, so that moving it back brings all", async () => {
      const moved = join(temporaryDirectory(), "moved registry");
      renameSync(root, moved);
      expect(await (await openRegistry(moved)).collectGarbage(NOW)).toMatchObject(nothing);
      await (await openRegistry(moved)).deletePackage("u/q");
      rmSync(join(moved, ".quilt/t4/ops"), { recursive: true });
      const report = await (await openRegistry(moved)).collectGarbage(NOW);
      expect([report.manifests.length, report.objects.length]).toEqual([1, 1]);
      renameSync(moved, root);
      expect(await (await Package.browse("u/p", { registry: root })).entry("file.txt").text()).toBe("two");
    });

    it("keeps what a manifest names in another case, as file systems that fold it give names back", async () => {
      await (await new Package().setText("FILE.TXT", "four")).push("u/c", root);
      for (const path of files("t4/objects"))
        renameSync(
          path,
          path.replace(/\.txt$/i, (extension) => (extension === ".TXT" ? ".txt" : ".TXT")),
        );
      expect(await (await open()).collectGarbage(NOW)).toMatchObject(nothing);
    });
  });

  describe("stops, removes nothing and names what", () => {
    /** What it says of a registry with garbage in it, which all stays. */
    async function refusal(): Promise<string> {
      const before = [...files("packages"), ...files("t4")];
      const error: unknown = await (await open()).collectGarbage(NOW).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "ERR_T4_INTEGRITY",
        hint: expect.stringContaining("t4 fsck") as string,
      });
      expect([...files("packages"), ...files("t4")]).toEqual(before);
      return String(error);
    }

    let live: string;

    beforeEach(async () => {
      const registry = await open();
      live = await registry.resolve("u/p");
      await registry.deletePackage("u/q");
      forgetOperations();
    });

    it("at a manifest that is torn", async () => {
      writeFileSync(join(root, ".quilt/packages", live), "torn");
      expect(await refusal()).toContain(`.quilt/packages/${live}`);
    });

    it("at a damaged manifest that is garbage itself", async () => {
      const named = new Set([live, await (await open()).resolve("u/p", "latest~1")]);
      const garbage = readdirSync(join(root, ".quilt/packages")).find((name) => !named.has(name)) ?? "";
      truncateSync(join(root, ".quilt/packages", garbage), 40);
      expect(await refusal()).toContain(garbage);
    });

    it("at a pointer that is torn, and at one whose manifest is gone", async () => {
      const pointer = join(root, ".quilt/named_packages/u/p/latest");
      truncateSync(pointer, 20);
      expect(await refusal()).toMatch(/u\/p\/latest/);
      writeFileSync(pointer, "0".repeat(64));
      expect(await refusal()).toMatch(/u\/p\/latest names the revision 0{64}/);
    });

    it("at a record of an operation that is damaged", async () => {
      await (await open()).tag("u/p", "kept");
      const [record = ""] = files("t4/ops");
      writeFileSync(record, readFileSync(record, "utf8").replace("kept", "bent"));
      expect(await refusal()).toMatch(/\.quilt\/t4\/ops\/.*\.json/);
    });
  });

  it("takes away records of operations that no undo reaches any more", async () => {
    const before = files("t4/ops");
    expect(before).toHaveLength(3);
    for (const path of before) {
      const { at, ...record } = openRecord(readFileSync(path)) ?? {};
      const days = path === before[0] ? 89 : 91;
      writeFileSync(path, sealRecord({ at: Number(at) - days * 24 * 3600 * 1000, ...record }));
      // A clock of whole milliseconds may take what was written just now for younger than now.
      utimesSync(path, new Date(0), new Date(0));
    }
    const report = await (await open()).collectGarbage(NOW);
    expect(files("t4/ops")).toEqual([before[0]]);
    expect(report.objects.filter((key) => key.startsWith(".quilt/t4/ops/"))).toHaveLength(2);
  });

  it("keeps the objects of a manifest that somebody uses again between its two looks", async () => {
    const registry = await open();
    const old = await registry.resolve("u/q");
    await registry.deletePackage("u/q");
    forgetOperations();
    for (const path of [...files("packages"), ...files("t4/objects")]) utimesSync(path, new Date(0), new Date(0));
    const store = fileStore(root, { stateKey: ".quilt/t4", url: pathToFileURL(root).href });
    const touching = {
      ...store,
      // As a push does that is about to commit that revision.
      deleteIfOlder: async (key: string, before: number) => {
        if (key.endsWith(old)) await store.touch(key);
        return store.deleteIfOlder(key, before);
      },
    };
    const report = await packageRegistry(touching).collectGarbage({ dryRun: false });
    expect(report).toMatchObject({ manifests: [], objects: [] });
  });

  it("goes on when a pointer is taken out between its listing and its reading, as a removal beside it does", async () => {
    const store = fileStore(root, { stateKey: ".quilt/t4", url: pathToFileURL(root).href });
    const beside = (): PackageRegistry => {
      const taken = files("named_packages/u/p").find((path) => !path.endsWith("latest")) ?? "";
      const take = (key: string): void => rmSync(taken.endsWith(key) ? taken : join(root, "none"), { force: true });
      return packageRegistry({ ...store, get: (key, options) => (take(key), store.get(key, options)) });
    };
    expect(await beside().collectGarbage(NOW)).toMatchObject({ manifests: [] });
    expect(await beside().fsck()).not.toContainEqual(expect.objectContaining({ code: "E_POINTER_BODY" }));
  });

  it("takes away what dead processes left, and only old things", async () => {
    const stale = join(root, ".quilt/t4/tmp/dead");
    mkdirSync(join(stale, ".."), { recursive: true });
    writeFileSync(stale, "x");
    for (const dryRun of [true, false]) expect((await (await open()).collectGarbage({ dryRun })).objects).toEqual([]);
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
