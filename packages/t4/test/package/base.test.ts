import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openRegistry, Package, type PushReport } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

let root: string;
let registry: string;

beforeEach(() => {
  root = temporaryDirectory();
  vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
  mkdirSync(join(root, "disk"));
  symlinkSync(join(root, "disk"), join(root, "mount"));
  symlinkSync(join(root, "disk/registry"), join(root, "link"));
  registry = join(root, "disk/registry");
});

const SPELLINGS = ["disk/registry", "mount/registry", "link", "disk/../mount//registry/", "mount/./registry"];
const paths = (): string[] => [
  ...SPELLINGS.map((path) => join(root, path)),
  `${root}/disk/../link/`,
  pathToFileURL(join(root, "link")).href,
];

describe("the base of a package", () => {
  it("is found by every path and link that lead to its registry", async () => {
    for (const [i, mine] of paths().entries()) {
      const name = `u/p${i}`;
      await new Package().push(name, registry);
      const pkg = await Package.browse(name, { registry: mine });
      await (await new Package().setText("theirs", "1")).push(name, registry);
      await pkg.setText("mine", "1");
      for (const path of paths()) await expect(pkg.push(name, path)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    }
  });

  it("is the one that was pushed last, by whatever path, also to a registry that the first push made", async () => {
    const pkg = await new Package().setText("a", "1");
    await pkg.push("u/p", join(root, "mount/registry"));
    const theirs = await Package.browse("u/p", { registry });
    await (await pkg.setText("a", "2")).push("u/p", registry);
    await (await pkg.setText("a", "3")).push("u/p", join(root, "link"));
    await expect((await theirs.setText("b", "1")).push("u/p", join(root, "link"))).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
    });
  });

  it("of a directory is opened without a look at its files, or at the registry", async () => {
    await (await new Package().setText("a", "1")).push("u/p", registry);
    const copy = join(root, "copy");
    expect(await Package.baseOf(copy)).toBeUndefined();
    const installed = await Package.install("u/p", { registry, dest: copy });
    // Whoever walks the directory meets this.
    symlinkSync("/etc/hostname", join(copy, "leads-out"));
    renameSync(registry, join(root, "away"));
    await expect(Package.openDirectory(copy)).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    const base = await Package.baseOf(copy);
    expect(base?.topHash()).toBe(installed.topHash());
    expect(base?.map((key) => key)).toEqual(["a"]);
  });

  it("is found for a directory that was installed by another path, and shown as the user named it", async () => {
    await new Package().push("u/p", registry);
    await Package.install("u/p", { registry: join(root, "link"), dest: join(root, "copy") });
    await (await new Package().setText("theirs", "1")).push("u/p", registry);
    writeFileSync(join(root, "copy/mine"), "1");
    const directory = await Package.openDirectory(join(root, "copy"));
    expect(directory?.registry).toBe(pathToFileURL(join(root, "link")).href);
    await expect(directory?.current.push("u/p", registry)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
  });

  it("is carried by a merge to the same registry by another path", async () => {
    await new Package().push("u/p", registry);
    const base = await Package.browse("u/p", { registry: join(root, "link") });
    const mine = await (await Package.browse("u/p", { registry: join(root, "link") })).setText("mine", "1");
    await (await new Package().setText("theirs", "1")).push("u/p", registry);
    await mine.merge(base, await Package.browse("u/p", { registry })).push("u/p", join(root, "mount/registry"));
    expect([...(await Package.browse("u/p", { registry })).keys()]).toEqual(["mine", "theirs"]);
  });

  it("is another one in another registry", async () => {
    const pkg = await new Package().setText("a", "1");
    await pkg.push("u/p", registry);
    await (await new Package().setText("other", "1")).push("u/p", join(root, "second"));
    const identities = new Set<string>();
    for (const path of paths()) identities.add((await openRegistry(path)).identity);
    expect([...identities]).toEqual([pathToFileURL(registry).href]);
    expect((await openRegistry(join(root, "second"))).identity).not.toBe([...identities][0]);
    expect((await openRegistry(join(root, "link"))).url).toBe(pathToFileURL(join(root, "link")).href);
  });
});

describe("the report of a push", () => {
  const pushed = async (pkg: Package, options = {}): Promise<PushReport | undefined> => {
    let report: PushReport | undefined;
    await pkg.push("u/p", registry, { ...options, onReport: (done) => void (report = done) });
    return report;
  };

  it("says which revision it replaces, also for a package without a base and with force", async () => {
    const first = await pushed(await new Package().setText("a", "1"));
    expect(first).toEqual({ topHash: expect.any(String) as string, isPublished: true });
    const old = await Package.browse("u/p", { registry });
    const second = await pushed(await new Package().setText("b", "1"));
    expect(second?.parent).toBe(first?.topHash);
    expect((await pushed(await old.setText("c", "1"), { force: true }))?.parent).toBe(second?.topHash);
    expect((await pushed(old, { dedupe: true }))?.parent).toBeUndefined();
  });
});
