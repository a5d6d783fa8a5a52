import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { isT4Error, openRegistry, Package } from "#t4/index.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { ended } from "../process/actors.js";
import { temporaryDirectory } from "../temporary.js";

const TEXT = "harmless\n";
/** So many installs while somebody swaps directories for links. */
const ROUNDS = 30;

describe("a stranger's package", () => {
  let root: string;
  let registry: string;
  let dest: string;

  beforeEach(() => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    dest = join(root, "dest");
    mkdirSync(join(registry, "data"), { recursive: true });
    writeFileSync(join(registry, "data/file"), TEXT);
    writeFileSync(join(root, "secret"), TEXT);
  });

  const line = (key: string, file = "registry/data/file", text = TEXT): string =>
    JSON.stringify({
      logical_key: key,
      physical_keys: [pathToFileURL(join(root, file)).href],
      size: Buffer.byteLength(text),
      hash: { type: "sha2-256-chunked", value: hashBytes("sha2-256-chunked", Buffer.from(text)) },
      meta: {},
    });

  /** Writes what no T4 would: a manifest with any keys, named as it should be, and made the latest. */
  function publish(...lines: string[]): void {
    const text = ['{"version": "v0", "message": null}', ...lines, ""].join("\n");
    const { topHash = "" } = openManifest(memoryReader(Buffer.from(text)));
    mkdirSync(join(registry, ".quilt/packages"), { recursive: true });
    mkdirSync(join(registry, ".quilt/named_packages/evil/pkg"), { recursive: true });
    writeFileSync(join(registry, ".quilt/packages", topHash), text);
    writeFileSync(join(registry, ".quilt/named_packages/evil/pkg/latest"), topHash);
  }

  const install = (options = {}): Promise<Package> => Package.install("evil/pkg", { registry, dest, ...options });

  it.each([
    "../escaped",
    "a/../../escaped",
    "/escaped",
    "a//b",
    "./a",
    "",
    "a\\..\\..\\escaped",
    ".git/hooks/pre-commit",
    ".ssh/authorized_keys",
    ".t4/revision.json",
    "a\u0000b",
    "a\u001b[2Jb",
    "x".repeat(300),
  ])("with the key %j is shown, but not installed, and nothing of it is written", async (key) => {
    publish(line("aaa"), line(key));
    const pkg = await Package.browse("evil/pkg", { registry });
    expect(pkg.map((found) => found)).toContain(key);
    await expect(install()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    expect(existsSync(dest)).toBe(false);
    expect(existsSync(join(root, "escaped"))).toBe(false);
  });

  it("cannot lead to files outside its registry, unless the user allows their directory", async () => {
    publish(line("stolen", "secret"));
    await expect(install()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE", facts: { path: join(root, "secret") } });
    const pkg = await Package.browse("evil/pkg", { registry });
    await expect(pkg.entry("stolen").text()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(pkg.push("evil/pkg", join(root, "mine"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await install({ allowLocal: [root] });
    expect(readFileSync(join(dest, "stolen"), "utf8")).toBe(TEXT);
  });

  it("cannot make a reader wait for a pipe, or fail with anything but a T4Error", async () => {
    execFileSync("mkfifo", [join(registry, "data/pipe")]);
    publish(line("nul", "registry/data/a\0b"), line("pipe", "registry/data/pipe"));
    const pkg = await Package.browse("evil/pkg", { registry });
    await expect(pkg.entry("pipe").text()).rejects.toThrow(/not a regular file/);
    await expect(pkg.entry("nul").text()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(install({ path: "nul" })).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("cannot lead there by being built again as one's own", async () => {
    publish(line("a.txt", "secret"));
    const pkg = await Package.browse("evil/pkg", { registry });
    await expect(pkg.build("me/pkg", { registry: join(root, "own") })).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(pkg.push("me/pkg", join(root, "own"), { copy: "none" })).rejects.toMatchObject({
      code: "ERR_T4_UNSAFE",
    });
  });

  it("cannot lead there by being merged with a package that may lead further", async () => {
    publish(line("a.txt", "secret"));
    const evil = await Package.browse("evil/pkg", { registry });
    const trusting = await Package.browse("evil/pkg", { registry, allowLocal: [root] });
    for (const merge of [() => evil.merge(evil, trusting), () => trusting.merge(evil, evil)])
      expect(merge).toThrow(/lies outside/);
  });

  it("cannot lead there through a link in its registry either", async () => {
    symlinkSync(join(root, "secret"), join(registry, "data/link"));
    publish(line("stolen", "registry/data/link"));
    await expect(install()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("that says less than its file holds is refused before more than that is read", async () => {
    publish(line("file", "registry/data/file", "harm"));
    await expect(install()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    const pkg = await Package.browse("evil/pkg", { registry });
    await expect(pkg.entry("file").bytes()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(readdirSync(dest)).toEqual([]);
  });

  it("whose manifest is another one's is refused", async () => {
    publish(line("a"));
    const folder = join(registry, ".quilt/packages");
    const [name = ""] = readdirSync(folder);
    writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").replace('"a"', '"b"'));
    await expect(install()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });

  it("with files of one name in two cases says so where they would fall together, and fsck says it everywhere", async () => {
    publish(line("A.txt"), line("a.txt"));
    const findings = await (await openRegistry(registry)).fsck();
    expect(findings.map(({ code }) => code)).toContain("E_KEY_COLLISION");
    if (process.platform === "linux") await install();
  });

  it("does no harm through names of object members", async () => {
    publish(line("__proto__/polluted"), line("constructor/prototype/polluted"));
    const pkg = await install();
    expect([...pkg.keys()]).toEqual(["__proto__/", "constructor/"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("never gets a byte outside the destination, while somebody swaps directories for links", async () => {
    const outside = mkdtempSync(join(root, "outside-"));
    const keys = Array.from({ length: 60 }, (_, i) => `d/e/f${String(i).padStart(2, "0")}`);
    publish(...keys.map((key) => line(key)));
    const swapper = swapForLinks(join(dest, "d"), outside);
    let [done, refused] = [0, 0];
    try {
      // Until one at least has met a link: the other process may be slow to start.
      while (done + refused < ROUNDS || refused === 0) {
        try {
          rmSync(join(dest, "d/e"), { recursive: true, force: true });
        } catch {
          // It was swapped meanwhile; some files are there already, then.
        }
        try {
          await install({ overwrite: true });
          done++;
        } catch (error) {
          // What was swapped is seen; nothing is followed.
          expect(isT4Error(error, "ERR_T4_UNSAFE", "ERR_T4_IO"), String(error)).toBe(true);
          refused++;
        }
      }
    } finally {
      swapper.kill("SIGKILL");
      // What it still does would meet the directory's removal.
      await ended({ child: swapper });
    }
    expect(readdirSync(outside)).toEqual([]);
  });
});

/** A process that makes a path a directory, a link to somewhere else, and a directory again, as fast as it can. */
function swapForLinks(path: string, target: string): ChildProcess {
  const script = `
    const { mkdirSync, renameSync, symlinkSync, rmSync } = require("node:fs");
    const [path, target] = process.argv.slice(1);
    mkdirSync(path + ".dir", { recursive: true });
    for (let i = 0; ; i++) try {
      rmSync(path + ".link", { force: true });
      symlinkSync(target, path + ".link");
      renameSync(path, path + ".away" + i);
      renameSync(path + ".link", path);
      rmSync(path, { force: true });
      renameSync(path + ".away" + i, path);
    } catch {
      rmSync(path + ".link", { force: true });
    }`;
  return spawn(process.execPath, ["-e", script, path, target], { stdio: "ignore" });
}
