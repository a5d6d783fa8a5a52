import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Inode, SimDisk } from "testkit/file-system/sim-disk.js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { diskCalls, loadDisk } from "./replay.js";
import { trace, WRITING } from "./strace.js";

const NAME = "u/p";
const STRING_BYTES = 1 << 20;
/** Files on their way, and the former manifest, whose removal may be lost. */
const MAY_BE_LOST = /\/\.t4\/(?:tmp|[^/]*\.[0-9a-f-]{36}$|[0-9a-f]{64}-[^/]*\.jsonl$)/;

/** Names below a directory that a power cut may bring back or take away. */
function unflushedNames(disk: SimDisk, directory: string): string[] {
  const found: string[] = [];
  const look = (inode: Inode, path: string): void => {
    for (const [name, states] of inode.unflushed)
      if (states[0] !== inode.names.get(name)) found.push(`${path}/${name}`);
    for (const [name, child] of inode.names) look(child, `${path}/${name}`);
  };
  look(disk.at(directory), directory);
  return found;
}

/** Files below a directory of which a power cut leaves what chance wants. */
function unflushedFiles(disk: SimDisk, directory: string): string[] {
  const found: string[] = [];
  const look = (inode: Inode, path: string): void => {
    if (!inode.isDirectory && inode.flushed === undefined && !MAY_BE_LOST.test(path)) found.push(path);
    for (const [name, child] of inode.names) look(child, `${path}/${name}`);
  };
  look(disk.at(directory), directory);
  return found;
}

describe("an install", () => {
  let root: string;
  let registry: string;
  let area: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
    [registry, area] = [join(root, "registry"), join(root, "area")];
    mkdirSync(area);
    await publish({ "a.txt": "a", "sub/deep/b.txt": "b", "old/gone.txt": "gone", "own/gone.txt": "gone" });
  });

  async function publish(files: Readonly<Record<string, string>>): Promise<void> {
    const pkg = new Package();
    for (const [key, text] of Object.entries(files)) await pkg.setText(key, text);
    await pkg.push(NAME, registry, { force: true });
  }

  /** Installs, replayed step by step on a disk that was so before; returns the names that a power cut may undo in the end. */
  async function installOn(disk: SimDisk, dest: string, name = NAME): Promise<string[]> {
    const command = ["install", name, "--registry", registry, "--dest", dest, "-q"];
    const options = { log: join(root, "log"), env: process.env, trace: WRITING, stringBytes: STRING_BYTES };
    const { status, calls } = await trace(command, options);
    expect(status).toBe(0);
    for (const call of diskCalls(calls, root)) {
      call(disk);
      expect(unflushedFiles(disk, area), "named before they were flushed").toEqual([]);
    }
    expect(disk.has(join(dest, ".t4/revision.json"))).toBe(name === NAME);
    return unflushedNames(disk, area).filter((path) => !MAY_BE_LOST.test(path));
  }

  it("leaves nothing to a power cut, also of the directories above that it made, and of its memory", async () => {
    expect(await installOn(loadDisk(root), join(area, "new/deep/dest"))).toEqual([]);
    expect(await installOn(loadDisk(root), join(area, "part/dest"), `${NAME}/sub`)).toEqual([]);
  });

  it("leaves nothing to a power cut of an update, also of what it removed", async () => {
    const dest = join(area, "dest");
    await Package.install(NAME, { registry, dest });
    // Nothing else is flushed there.
    writeFileSync(join(dest, "own/mine.txt"), "mine");
    await publish({ "a.txt": "a2", "sub/deep/b.txt": "b", "sub/new.txt": "new" });
    const disk = loadDisk(root);
    expect(await installOn(disk, dest)).toEqual([]);
    expect(disk.has(join(dest, "old"))).toBe(false);
    expect(disk.directory(join(dest, "own")).names.size).toBe(1);
  });

  it("flushes the names of files that another one made which was killed", async () => {
    const disk = loadDisk(root);
    for (const path of ["dest", "dest/sub", "dest/sub/deep"]) {
      mkdirSync(join(area, path));
      disk.create(join(area, path), true);
    }
    for (const [path, text] of [
      ["dest/a.txt", "a"],
      ["dest/sub/deep/b.txt", "b"],
    ] as const) {
      writeFileSync(join(area, path), text);
      disk.append(disk.create(join(area, path), false), Buffer.from(text));
      disk.flushFile(disk.file(join(area, path)));
    }
    expect(await installOn(disk, join(area, "dest"))).toEqual([]);
  });
});
