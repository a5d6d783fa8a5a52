import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));

describe("a full disk", () => {
  let root: string;
  let small: string;
  let data: string;

  beforeEach(() => {
    root = temporaryDirectory();
    small = join(root, "small");
    data = join(root, "data");
    mkdirSync(small);
    mkdirSync(data);
    for (let i = 0; i < 40; i++) writeFileSync(join(data, `f${i}`), Buffer.alloc(100_000, i));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", small]);
  });
  afterEach(() => execFileSync("umount", ["-l", small]));

  const enlarge = (): void => void execFileSync("mount", ["-o", "remount,size=64m", small]);
  const t4 = (...args: readonly string[]) => spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8" });

  it("stops a push with a hint, publishes nothing, and the same command goes on when there is room", async () => {
    const registry = join(small, "registry");
    await (await new Package().setText("base", "b")).push("u/p", registry);
    const full = t4("push", "u/p", data, registry, "-m", "x");
    expect(full).toMatchObject({ status: 1, stdout: "" });
    expect(full.stderr).toMatch(/ENOSPC[\s\S]*disk is full/);
    expect((await Package.browse("u/p", { registry })).map((key) => key)).toEqual(["base"]);
    expect(readdirSync(join(registry, ".quilt/t4/tmp"))).toEqual([]);
    enlarge();
    expect(t4("push", "u/p", data, registry, "-m", "x")).toMatchObject({ status: 0 });
    expect(await (await openRegistry(registry)).fsck({ readData: true })).toEqual([]);
  });

  it("stops an install with whole files only, and the same command goes on when there is room", async () => {
    const registry = join(root, "registry");
    const pkg = await new Package().setDir("", data);
    await pkg.push("u/p", registry);
    const dest = join(small, "dest");
    mkdirSync(dest);
    writeFileSync(join(dest, "f0"), "before");
    const args = ["install", "u/p", "--registry", registry, "--dest", dest, "--overwrite"];
    expect(t4(...args)).toMatchObject({ status: 1 });
    expect((await pkg.verify(dest)).modified.filter((key) => key !== "f0")).toEqual([]);
    expect(
      [Buffer.from("before"), Buffer.alloc(100_000, 0)].some((is) => is.equals(readFileSync(join(dest, "f0")))),
    ).toBe(true);
    enlarge();
    expect(t4(...args)).toMatchObject({ status: 0 });
    expect(await pkg.verify(dest)).toMatchObject({ ok: true, checked: 40 });
  });
});
