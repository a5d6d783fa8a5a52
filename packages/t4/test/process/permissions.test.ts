import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { BIN, type Result, Scratch } from "../cli/scratch.js";

const SOMEBODY = 65_534;

/** Everything below a directory, with what would change if anybody wrote there. */
function stateOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => [name, statSync(join(directory, name))] as const)
    .map(([name, { mtimeMs, size, mode }]) => `${name} ${mtimeMs} ${size} ${mode}`)
    .sort();
}

describe.skipIf(process.getuid?.() !== 0)("a user without permission", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
    scratch.write("data/2024/jan.csv", "1,2\n");
    await scratch.publish("data", "registry", "First");
    chmodSync(scratch.cwd, 0o755);
    chownSync(scratch.path("home"), SOMEBODY, SOMEBODY);
    mkdirSync(scratch.path("work"));
    chownSync(scratch.path("work"), SOMEBODY, SOMEBODY);
  });

  const as = (...args: readonly string[]): Result => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      cwd: scratch.path("work"),
      env: scratch.env,
      encoding: "utf8",
      uid: SOMEBODY,
      gid: SOMEBODY,
    });
    return { code: status, out: stdout, err: stderr };
  };
  const [REGISTRY, PACKAGE] = [["--registry", "../registry"], "alice/weather"];

  it("reads all of a registry that he may not write, and leaves no trace in it", () => {
    const before = stateOf(scratch.path("registry"));
    for (const args of [
      ["list", "../registry"],
      ["log", PACKAGE, ...REGISTRY],
      ["show", PACKAGE, ...REGISTRY],
      ["ls", PACKAGE, ...REGISTRY],
      ["cat", `${PACKAGE}/a.csv`, ...REGISTRY],
      ["install", PACKAGE, ...REGISTRY, "--dest", "copy"],
      ["verify", "copy"],
      ["status", "copy"],
      ["fsck", "../registry", "--read-data"],
      ["gc", "../registry"],
    ])
      expect(as(...args), args.join(" ")).toMatchObject({ code: 0 });
    expect(readFileSync(scratch.path("work/copy/2024/jan.csv"), "utf8")).toBe("1,2\n");
    expect(stateOf(scratch.path("registry"))).toEqual(before);
  });

  it.each([
    ["push", PACKAGE, "../data", "../registry"],
    ["push", "bob/new", "../data", "../registry"],
    ["tag", PACKAGE, "v1", ...REGISTRY],
    ["rm", PACKAGE, "--yes", ...REGISTRY],
  ])("is told where and why %s %s cannot be done, and nothing is changed", (...args) => {
    const before = stateOf(scratch.path("registry"));
    const { code, out, err } = as(...args);
    expect([code, out]).toEqual([7, ""]);
    expect(err).toContain("registry/.quilt");
    expect(err).toMatch(/permission/i);
    expect(err).toMatch(/hint/);
    expect(err).not.toMatch(/\n +at /);
    expect(stateOf(scratch.path("registry"))).toEqual(before);
  });

  it("is told where and why a push cannot look for its bytes", () => {
    chmodSync(scratch.path("registry"), 0o777);
    scratch.shell("chmod -R a+rwX registry");
    const objects = scratch.path("registry/.quilt/t4/objects");
    for (const name of readdirSync(objects)) chmodSync(join(objects, name), 0o700);
    const { code, err } = as("push", "bob/new", "../data", "../registry");
    expect(code).toBe(7);
    expect(err).toMatch(/Cannot look for the object .*t4\/objects\/[^]*hint: You have no permission/);
  });

  it("is told that his settings cannot be written", () => {
    chownSync(scratch.path("home"), 0, 0);
    const { code, err } = as("config", "set", "default_install_location", "here");
    expect(code).toBe(7);
    expect(err).toMatch(/Cannot write the settings in .*config\.yml: EACCES[^]*hint:/);
  });

  it("is told by fsck which bytes it could not read", () => {
    const objects = scratch.path("registry/.quilt/t4/objects");
    const names = readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("/"));
    for (const name of names) chmodSync(join(objects, name), 0o600);
    const { code, out } = as("fsck", "../registry", "--read-data");
    expect(code).not.toBe(0);
    expect(out).toContain("E_OBJECT_MISSING");
    expect(out).toMatch(/a\.csv.*cannot be read \(EACCES/);
    // So is what no revision needs.
    expect(as("rm", PACKAGE, "--yes", ...REGISTRY).code).toBe(7);
    scratch.ok(["rm", PACKAGE, "--yes", "--registry", "registry"]);
    expect(as("fsck", "../registry", "--read-data").out).toContain("cannot be read (EACCES");
  });

  it("is told which directory he may not look into, and which may not be written", () => {
    for (const [mode, args] of [
      [0o700, ["push", PACKAGE, "../data", "../registry"]],
      [0o700, ["build", "me/data", "../data"]],
    ] as const) {
      chmodSync(scratch.path("data/2024"), mode);
      const { code, err } = as(...args);
      expect(code).toBe(7);
      expect(err).toContain("2024");
      expect(err).toMatch(/permission/i);
    }
    mkdirSync(scratch.path("closed"), { mode: 0o755 });
    const { code, err } = as("install", PACKAGE, ...REGISTRY, "--dest", "../closed/copy");
    expect(code).toBe(7);
    expect(err).toContain("closed");
    expect(existsSync(scratch.path("closed/copy"))).toBe(false);
  });
});
