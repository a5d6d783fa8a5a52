import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type Lock, openLock, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("a lock file", () => {
  let project: string;
  let registry: string;
  let first: string;
  let lock: Lock;

  const publish = async (text: string, name = "alice/weather"): Promise<string> =>
    (await new Package().setText("a.txt", text)).push(name, registry, { message: text });
  const text = (): string => readFileSync(join(project, "t4.lock"), "utf8");

  beforeEach(async () => {
    project = temporaryDirectory();
    registry = join(project, "registry");
    first = await publish("1");
    lock = await openLock(project);
  });

  it("has a block of lines for each package, names ascending, and is the same whatever came first", async () => {
    await publish("1", "alice/air");
    await lock.add("alice/weather", { registry, dest: join(project, "data/weather") });
    await lock.add("alice/air", { registry });
    const [air, weather] = await lock.pins();
    expect(
      text(),
    ).toBe(`# The revisions of packages that this project uses. t4 add and t4 update write this file; commit it.
version: 1
packages:
  alice/air:
    registry: ./registry
    topHash: ${first}
    manifest: sha256:${air?.manifestDigest}
  alice/weather:
    registry: ./registry
    topHash: ${first}
    manifest: sha256:${weather?.manifestDigest}
    dest: ./data/weather
`);
    const before = text();
    rmSync(join(project, "t4.lock"));
    await lock.add("alice/air", { registry });
    await lock.add("alice/weather", { registry, dest: join(project, "data/weather") });
    expect(text()).toBe(before);
  });

  it("is found from below, and names places from where it is", async () => {
    await lock.add("alice/weather", { registry, dest: join(project, "data") });
    mkdirSync(join(project, "src/deep"), { recursive: true });
    const below = await openLock(join(project, "src/deep"));
    expect(below.path).toBe(join(project, "t4.lock"));
    expect(await below.pins()).toMatchObject([{ name: "alice/weather", registry, dest: join(project, "data") }]);
    const copy = join(temporaryDirectory(), "copy");
    cpSync(project, copy, { recursive: true });
    expect(await (await openLock(copy)).pins()).toMatchObject([{ registry: join(copy, "registry") }]);
  });

  it("gives the pinned revision when there are later ones, until it is updated", async () => {
    await lock.add("alice/weather", { registry });
    const second = await publish("2");
    expect((await lock.browse("alice/weather")).topHash()).toBe(first);
    const moved = [{ name: "alice/weather", topHash: first, latest: second }];
    expect(await lock.outdated()).toEqual(moved);
    const before = text();
    expect(await lock.update(undefined, { dryRun: true })).toEqual(moved);
    expect(text()).toBe(before);
    expect(await lock.update()).toEqual(moved);
    expect((await lock.browse("alice/weather")).topHash()).toBe(second);
    expect(await lock.outdated()).toEqual([]);
    expect(await lock.update(["alice/weather"])).toEqual([]);
  });

  it("pins the revision that is named, and keeps registry and directory when it is pinned again", async () => {
    await publish("2");
    await lock.add("alice/weather", { registry, dest: join(project, "data") });
    const pin = await lock.add("alice/weather@latest~1");
    expect(pin).toMatchObject({ topHash: first, registry, dest: join(project, "data") });
    await lock.install("alice/weather");
    expect(readFileSync(join(project, "data/a.txt"), "utf8")).toBe("1");
  });

  it("leads nobody out of the project, also not by a link, nor to what other programs act upon", async () => {
    await lock.add("alice/weather", { registry, dest: join(project, "data") });
    const good = text();
    const home = temporaryDirectory();
    symlinkSync(home, join(project, "link"), "junction");
    for (const dest of ["../victim", home, "./link", "./link/deeper", "./.git", "./sub/.GIT/hooks"]) {
      writeFileSync(join(project, "t4.lock"), good.replace("./data", JSON.stringify(dest)));
      const refused = { code: "ERR_T4_UNSAFE", hint: expect.stringContaining("--dest") as string };
      await expect(lock.install("alice/weather")).rejects.toMatchObject(refused);
      await expect(lock.install("alice/weather", { dest: undefined as never })).rejects.toMatchObject(refused);
    }
    expect(readdirSync(home)).toEqual([]);
    await lock.install("alice/weather", { dest: join(home, "mine") });
    expect(readFileSync(join(home, "mine/a.txt"), "utf8")).toBe("1");
    writeFileSync(join(project, "t4.lock"), good);
    await lock.install("alice/weather");
    expect(readFileSync(join(project, "data/a.txt"), "utf8")).toBe("1");
  });

  it("takes no directory outside of the project", async () => {
    const dest = temporaryDirectory();
    await expect(lock.add("alice/weather", { registry, dest })).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    expect(await lock.pins()).toEqual([]);
  });

  it("writes nothing in a dry run", async () => {
    expect(await lock.add("alice/weather", { registry, dryRun: true })).toMatchObject({ topHash: first });
    expect(await lock.pins()).toEqual([]);
  });

  it("refuses a manifest whose directory metadata or places changed, which the top hash does not cover", async () => {
    const pkg = (await new Package().setText("raw/a.txt", "1")).setMeta({ station: 7 }, "raw");
    const topHash = await pkg.push("alice/raw", registry, { message: "x" });
    await lock.add("alice/raw", { registry, dest: join(project, "raw") });
    await lock.install("alice/raw");
    expect(await lock.verify("alice/raw")).toMatchObject({ ok: true, files: { ok: true } });
    const path = join(registry, ".quilt/packages", topHash);
    writeFileSync(path, readFileSync(path, "utf8").replace('"station": 7', '"station": 8'));
    expect((await Package.browse("alice/raw", { registry })).metaOf("raw")).toEqual({ station: 8 });
    const { manifestDigest, ...report } = await lock.verify("alice/raw");
    expect(report).toEqual({ ok: false, files: undefined });
    expect(manifestDigest).toBe(await (await openRegistry(registry)).manifestDigest(topHash));
    const refused = { code: "ERR_T4_INTEGRITY", message: expect.stringContaining(`${manifestDigest}, expected`) };
    await expect(lock.browse("alice/raw")).rejects.toMatchObject(refused);
    await expect(lock.install("alice/raw")).rejects.toMatchObject(refused);
    rmSync(path);
    expect(await lock.verify("alice/raw")).toMatchObject({ ok: false, manifestDigest: null });
  });

  it("tells files of a directory that are not those of the pin", async () => {
    await lock.add("alice/weather", { registry, dest: join(project, "data") });
    expect(await lock.verify("alice/weather")).toMatchObject({ ok: false, files: { missing: ["a.txt"] } });
    await lock.install("alice/weather");
    writeFileSync(join(project, "data/a.txt"), "2");
    expect(await lock.verify("alice/weather")).toMatchObject({ ok: false, files: { modified: ["a.txt"] } });
  });

  it("keeps what another command pinned meanwhile", async () => {
    await publish("1", "alice/air");
    await lock.add("alice/weather", { registry });
    const other = await openLock(project);
    await other.pins();
    await lock.add("alice/air", { registry });
    await publish("2");
    await other.update(["alice/weather"]);
    expect((await lock.pins()).map(({ name }) => name)).toEqual(["alice/air", "alice/weather"]);
  });

  it.skipIf(process.platform === "win32").each<[string, (path: string) => void]>([
    ["a pipe", (path) => execFileSync("mkfifo", [path])],
    ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
    [
      "huge",
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 3 * 2 ** 30);
      },
    ],
    ["deep", (path) => writeFileSync(path, "[".repeat(200_000))],
    ["deep in blocks", (path) => writeFileSync(path, "- ".repeat(200_000))],
  ])("that is %s is refused at once", async (_what, plant) => {
    plant(join(project, "t4.lock"));
    await expect(lock.pins()).rejects.toMatchObject({
      code: "ERR_T4_FORMAT",
      facts: { path: join(project, "t4.lock") },
    });
  });

  it("says what is wrong with it, and which package is not pinned", async () => {
    await lock.add("alice/weather", { registry });
    const whole = text();
    const unpinned = { code: "ERR_T4_NOT_FOUND", hint: expect.stringContaining("Did you mean alice/weather?") };
    await expect(lock.browse("alice/wether")).rejects.toMatchObject(unpinned);
    await expect(lock.update(["bob/other"])).rejects.toMatchObject({ hint: "t4 add bob/other pins it." });
    const wrong: readonly (readonly [string, string, string])[] = [
      ["<<<<<<< ours\n", "ERR_T4_FORMAT", ""],
      ["packages: 1\nversion: 1\n", "ERR_T4_FORMAT", "packages is no block"],
      [whole.replace("version: 1", "version: 2"), "ERR_T4_UNSUPPORTED", "version 2, expected 1"],
      [whole.replace(/topHash: ./, "topHash: x"), "ERR_T4_FORMAT", "alice/weather: Invalid top hash"],
      [whole.replace("sha256:", "md5:"), "ERR_T4_FORMAT", "alice/weather has no manifest of the form"],
      [whole.replace(/ *registry: .*\n/, ""), "ERR_T4_FORMAT", "alice/weather has no registry"],
      [whole.replace("alice/weather", "../etc"), "ERR_T4_FORMAT", "../etc"],
    ];
    for (const [damaged, code, message] of wrong) {
      writeFileSync(lock.path, damaged);
      await expect(lock.pins()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
      // What cannot be read is not replaced in silence.
      await expect(lock.add("alice/weather", { registry })).rejects.toMatchObject({ code });
      expect(text()).toBe(damaged);
    }
  });
});
