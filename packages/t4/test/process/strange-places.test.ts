import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "../cli/scratch.js";

const PACKAGE = "alice/weather";

describe.skipIf(process.platform === "win32")("a pipe where T4 keeps something", () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
  });

  it("is not waited for in a directory's memory", () => {
    scratch.ok(["push", PACKAGE, "data", "registry"]);
    rmSync(scratch.path("data/.t4/revision.json"));
    spawnSync("mkfifo", [scratch.path("data/.t4/revision.json")]);
    const { code, err } = scratch.t4(["status"], "data");
    expect(code).toBe(6);
    expect(err).toMatch(/damaged[^]*hint: Remove/);
  });

  it("is not waited for in place of the settings", () => {
    scratch.ok(["config", "set", "default_install_location", "there"]);
    const settings = scratch.shell("find home -name config.yml").out.trim();
    rmSync(scratch.path(settings));
    spawnSync("mkfifo", [scratch.path(settings)]);
    const { code, err } = scratch.t4(["config"]);
    expect(code).toBe(1);
    expect(err).toMatch(/config\.yml cannot be read: it is no regular file[^]*hint:/);
  });
});

describe.skipIf(process.platform !== "linux")("output that cannot be written", () => {
  it("is one line, and a push says what it published", () => {
    const scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
    const push = scratch.shell(`t4 push ${PACKAGE} data registry --quiet > /dev/full`);
    expect(push.code).toBe(1);
    expect(push.err).toMatch(/^Published alice\/weather@[0-9a-f]{64}\.\nerror: Cannot write the output: ENOSPC.*\n$/);
    const log = scratch.shell(`t4 log ${PACKAGE} --registry registry --json > /dev/full`);
    expect(log.code).toBe(1);
    expect(log.err).toMatch(/^error: Cannot write the output: ENOSPC.*\n$/);
  });
});

describe.skipIf(process.platform !== "linux")("a place where no directory can be made", () => {
  // There the system says of each one that what is above it is missing.
  it.each([
    [["push", PACKAGE, "data", "/proc/registry"]],
    [["install", PACKAGE, "--registry", "registry", "--dest", "/proc/copy"]],
  ])("is an error: %j", (args) => {
    const scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
    scratch.ok(["push", PACKAGE, "data", "registry"]);
    const { code, err } = scratch.t4(args);
    expect(code).toBe(1);
    expect(err).toMatch(/error: Cannot .*\/proc\/.*ENOENT[^]*hint:/);
  });
});

describe("an empty path", () => {
  it.each([
    [["push", PACKAGE, "data", ""]],
    [["push", PACKAGE, "", "registry"]],
    [["list", "--registry", ""]],
    [["list", ""]],
    [["log", PACKAGE, "--registry", ""]],
    [["install", PACKAGE, "--registry", "registry", "--dest", ""]],
    [["config", "set", "default_install_location", ""]],
  ])("is not the working directory: %j", async (args) => {
    const scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
    await scratch.publish("data", "registry", "First");
    const { code, err } = scratch.t4(args);
    expect(err).toMatch(/hint/);
    expect(code).toBe(2);
    expect(scratch.shell("ls -A").out).toBe("data\nhome\nregistry\n");
  });
});

describe("a failure says what is wrong, and where", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.csv", "a,b\n");
    await scratch.publish("data", "registry", "First");
  });

  it.each([
    ["push", PACKAGE, "data", "./data/a.csv"],
    ["push", PACKAGE, "data", "--registry", "./data/a.csv"],
    ["list", "data/a.csv"],
    ["fsck", "data/a.csv"],
  ])("of a registry that is a file: %s %s", (...args) => {
    const { code, out, err } = scratch.t4(args);
    expect([2, 4]).toContain(code);
    expect(out).toBe("");
    expect(err).toMatch(
      /^error: .*data\/a\.csv.* is a file.*\nhint: .*a folder or a bucket|^error: .* is a file: a reg/,
    );
  });

  it("of a name that no file can have", () => {
    for (const command of ["log", "show", "install"]) {
      const { code, err } = scratch.t4([command, `alice/${"a".repeat(300)}`, "--registry", "registry"]);
      expect(code).toBe(4);
      expect(err).toMatch(/There is no package|has no package/);
      expect(err).toContain("it has 306 characters, more than 100");
      expect(err).not.toContain("ENAMETOOLONG");
    }
  });

  it.skipIf(process.platform !== "linux")("of a current directory that is gone", () => {
    const { code, err } = scratch.shell("mkdir gone && cd gone && rmdir ../gone && t4 status");
    expect(code).toBe(1);
    expect(err).toMatch(/^error: The current directory is gone\.\nhint: .*\n$/);
  });

  it("of settings that cannot be written", () => {
    scratch.ok(["config", "set", "default_install_location", "there"]);
    const settings = scratch.shell("find home -name config.yml").out.trim();
    rmSync(scratch.path(settings));
    mkdirSync(scratch.path(settings));
    mkdirSync(scratch.path(settings, "full"));
    const { code, err } = scratch.t4(["config", "set", "default_install_location", "here"]);
    expect(code).toBe(1);
    expect(err).toContain("config.yml");
    expect(err).toMatch(/hint:/);
  });
});
