import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const MIB = 1 << 20;

describe("a file system that can share blocks", () => {
  let disk: string;

  beforeEach(() => {
    const root = temporaryDirectory();
    disk = join(root, "disk");
    mkdirSync(disk);
    execFileSync("truncate", ["-s", "320M", join(root, "image")]);
    execFileSync("mkfs.xfs", ["-q", "-m", "reflink=1", join(root, "image")]);
    execFileSync("mount", ["-o", "loop", join(root, "image"), disk]);
  });
  afterEach(() => execFileSync("umount", ["-l", disk]));

  const usedMiB = (): number => {
    execFileSync("sync", ["-f", disk]);
    const { blocks, bfree, bsize } = statfsSync(disk);
    return ((blocks - bfree) * bsize) / MIB;
  };

  it("keeps a file once, in its place, in the registry and where it is installed", async () => {
    mkdirSync(join(disk, "data"));
    writeFileSync(join(disk, "data/large"), Buffer.alloc(80 * MIB, "content"));
    chmodSync(join(disk, "data/large"), 0o400);
    const before = usedMiB();
    const pkg = await new Package().setDir("", join(disk, "data"));
    await pkg.push("u/p", join(disk, "registry"));
    await Package.install("u/p", { registry: join(disk, "registry"), dest: join(disk, "copy") });
    expect(usedMiB() - before).toBeLessThan(8);
    expect(await pkg.verify(join(disk, "copy"))).toMatchObject({ ok: true });
    // The copy is the user's own, whatever the source's permissions were.
    expect(statSync(join(disk, "copy/large")).mode & 0o200).toBe(0o200);
  });
});
