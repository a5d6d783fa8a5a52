import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { fileStore } from "#t4/store/file/file-store.js";
import { type FileSystem, nodeFileSystem } from "#t4/store/file/file-system.js";
import { temporaryDirectory } from "../temporary.js";

const OLD = new Date(Date.now() - 100 * 24 * 3600 * 1000);
const REFUSED = { code: "ERR_T4_UNSAFE", message: expect.stringContaining(" is a link: ") as string };
const NOW = { dryRun: false, graceMs: 0 } as const;

describe.skipIf(process.platform === "win32")("a directory of a registry that is a link", () => {
  let root: string;
  let registry: string;
  let victim: string;
  const ours = (way: string): string => join(registry, ".quilt", way);
  const all = (directory: string): string[] => readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();

  /** Puts a link in a directory's place, and the directory somewhere else. */
  const plant = (way: string, to: string): void => {
    const path = ours(way);
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) renameSync(path, join(root, "aside"));
    symlinkSync(to, path);
  };

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    victim = join(root, "victim");
    for (const path of ["thesis", "deeper/data"]) {
      mkdirSync(dirname(join(victim, path)), { recursive: true });
      writeFileSync(join(victim, path), path);
      utimesSync(join(victim, path), OLD, OLD);
    }
    await (await new Package().setText("a", "1")).push("al/a", registry);
  });

  it.each(["packages", "named_packages", "t4", "t4/tmp", "t4/objects", "t4/locks", "t4/ops", "t4/quarantine"])(
    "is refused by gc and by repairs, and nothing behind it is touched: %s",
    async (way) => {
      plant(way, victim);
      const before = [all(victim), all(registry)];
      const opened = await openRegistry(registry);
      for (const run of [() => opened.collectGarbage(NOW), () => opened.fsck({ repair: true, readData: true })])
        await expect(run()).rejects.toMatchObject({ ...REFUSED, facts: { path: expect.stringContaining(".quilt") } });
      expect([all(victim), all(registry)]).toEqual(before);
    },
  );

  it("that leads back into the registry sets nothing of it aside", async () => {
    plant("packages", ".");
    const before = all(registry);
    await expect((await openRegistry(registry)).fsck({ repair: true })).rejects.toMatchObject(REFUSED);
    expect(all(registry)).toEqual(before);
  });

  it.each(["named_packages/al", "named_packages/al/a", "t4/objects/00"])(
    "is refused by gc also below: %s",
    async (way) => {
      plant(way, existsSync(ours(way)) ? join(root, "aside") : victim);
      const before = all(registry);
      await expect((await openRegistry(registry)).collectGarbage(NOW)).rejects.toMatchObject(REFUSED);
      expect(all(registry)).toEqual(before);
    },
  );

  it("is refused by gc also when it leads nowhere just now", async () => {
    plant("t4/objects/00", join(root, "unmounted"));
    await expect((await openRegistry(registry)).collectGarbage(NOW)).rejects.toMatchObject(REFUSED);
    expect(readdirSync(ours("t4/objects"))).toContain("00");
  });

  it("may hold objects for pushes and checks", async () => {
    plant("t4/objects", join(root, "bigger disk"));
    renameSync(join(root, "aside"), join(root, "bigger disk"));
    await (await new Package().setText("b", "2")).push("al/b", registry);
    expect(await (await openRegistry(registry)).fsck({ readData: true })).toEqual([]);
    await expect((await openRegistry(registry)).collectGarbage(NOW)).rejects.toMatchObject(REFUSED);
  });

  // Elsewhere directories are only looked at before they are used.
  it.runIf(process.platform === "linux").each(["deleteIfOlder", "moveIfOlder"] as const)(
    "that is planted in the last moment leads %s nowhere",
    async (method) => {
      mkdirSync(ours("x"));
      writeFileSync(ours("x/thesis"), "ours");
      utimesSync(ours("x/thesis"), OLD, OLD);
      const fs: FileSystem = {
        ...nodeFileSystem,
        async rename(from, to) {
          renameSync(ours("x"), join(root, "aside"));
          symlinkSync(victim, ours("x"));
          await nodeFileSystem.rename(from, to);
        },
      };
      const store = fileStore(registry, { stateKey: ".quilt/t4", url: "file:///test", fs });
      const isDone = await (method === "deleteIfOlder"
        ? store.deleteIfOlder(".quilt/x/thesis", Date.now())
        : store.moveIfOlder(".quilt/x/thesis", ".quilt/y/thesis", Date.now()));
      expect([isDone, readdirSync(victim)]).toEqual([true, ["deeper", "thesis"]]);
      await expect(store.deleteIfOlder(".quilt/x/thesis", Date.now())).rejects.toMatchObject(REFUSED);
    },
  );
});
