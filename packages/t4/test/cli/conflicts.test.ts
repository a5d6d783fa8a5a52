import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../temporary.js";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command: alice and bob have a directory each of one package. */
describe("t4, when two changed the same files", () => {
  let cwd: string;
  let bob: string;

  const t4 = (at: string, ...args: readonly string[]): Result => {
    const env = { PATH: process.env["PATH"], HOME: join(cwd, "home") };
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: at, env, encoding: "utf8" });
    return { code: status, out: stdout, err: stderr };
  };
  const write = (name: string, text: string): void => writeFileSync(join(bob, name), text);
  const cat = (path: string): string => t4(cwd, "cat", `alice/w/${path}`, "--registry", "registry").out;

  beforeEach(() => {
    cwd = temporaryDirectory();
    bob = join(cwd, "bob");
    for (const name of ["home", "alice"]) mkdirSync(join(cwd, name));
    for (const name of ["both", "gone", "left", "mine"]) writeFileSync(join(cwd, "alice", name), "base\n");
    t4(cwd, "push", "alice/w", "alice", "registry", "-m", "1");
    t4(cwd, "install", "alice/w", "--registry", "registry", "--dest", "bob");
    for (const name of ["both", "left", "theirs"]) writeFileSync(join(cwd, "alice", name), "alice\n");
    rmSync(join(cwd, "alice/gone"));
    t4(join(cwd, "alice"), "push", "-m", "2");
    for (const name of ["both", "gone", "mine"]) write(name, "bob\n");
    rmSync(join(bob, "left"));
  });

  it("never replaces the other's change: push, install, status and push again all say so", () => {
    expect(t4(bob, "push", "-m", "3")).toMatchObject({ code: 5, err: expect.stringMatching(/t4 install/) });
    const install = t4(bob, "install");
    expect(install).toMatchObject({ code: 3, err: expect.stringMatching(/3 files in conflict, kept/) });
    expect(install.err).toContain("conflict both: the file here and the one of the revision differ\n");
    expect(install.err).toContain("conflict gone: changed here, deleted in the revision\n");
    expect(install.err).toContain("conflict left: deleted here, changed in the revision\n");
    expect(install.err).toMatch(/kept mine:.*\n/);
    expect(readFileSync(join(bob, "theirs"), "utf8")).toBe("alice\n");
    expect(readFileSync(join(bob, "both"), "utf8")).toBe("bob\n");
    const status = t4(bob, "status");
    expect(status.out).toContain("! both (changed here and in the revision)");
    expect(status.out).toContain("! gone (changed here, deleted in the revision)");
    expect(status.out).toContain("! left (deleted here, changed in the revision)");
    expect(status.out).toContain("~ mine");
    expect(status.err).toMatch(/3 conflicts;.*\n.*t4 resolve --theirs/);
    expect(JSON.parse(t4(bob, "status", "--json").out)).toMatchObject({ conflicts: ["both", "gone", "left"] });
    const push = t4(bob, "push", "-m", "3");
    expect(push).toMatchObject({ code: 5, out: "" });
    expect(push.err).toMatch(/changed "both", "gone", "left"\. Nothing was published/);
    expect(push.err).toMatch(/t4 resolve --theirs both/);
    expect(t4(bob, "push", "alice/w", ".", "../registry", "-m", "3").code).toBe(5);
    expect(cat("both")).toBe("alice\n");
  });

  it("does not forget them when the directory is published as another package", () => {
    t4(bob, "install");
    const other = t4(bob, "push", "alice/other", ".", "../elsewhere", "-m", "x");
    expect(other).toMatchObject({ code: 0, err: expect.stringMatching(/unsettled conflicts with alice\/w/) });
    expect(t4(bob, "push", "alice/w", ".", "../registry", "-m", "3")).toMatchObject({ code: 5, out: "" });
    expect(cat("both")).toBe("alice\n");
  });

  it("settles them with resolve, after which push publishes what was settled", () => {
    t4(bob, "install");
    expect(t4(bob, "resolve", "both").code).toBe(2);
    expect(t4(bob, "resolve", "--mine", "mine")).toMatchObject({ code: 4 });
    expect(t4(bob, "resolve", "--theirs", "gone", "left", "--dry-run")).toMatchObject({ code: 0, out: "" });
    expect(existsSync(join(bob, "gone"))).toBe(true);
    expect(t4(bob, "resolve", "--theirs", "gone", "left")).toMatchObject({
      code: 0,
      err: expect.stringMatching(/2 conflicts settled/),
    });
    expect(existsSync(join(bob, "gone"))).toBe(false);
    expect(readFileSync(join(bob, "left"), "utf8")).toBe("alice\n");
    expect(t4(bob, "push", "-m", "3").code).toBe(5);
    write("both", "alice and bob\n");
    expect(t4(cwd, "resolve", "--mine", ".", "--dir", "bob").code).toBe(0);
    expect(t4(bob, "push", "-m", "3").code).toBe(0);
    expect([cat("both"), cat("mine"), cat("theirs")]).toEqual(["alice and bob\n", "bob\n", "alice\n"]);
    expect(t4(bob, "status").out).toContain("Nothing changed.");
  });

  it("says in a dry run what would be, and installs nothing", () => {
    const dry = t4(bob, "install", "--dry-run");
    expect(dry).toMatchObject({
      code: 3,
      err: expect.stringMatching(/3 files in conflict.*others would be installed\.$/m),
    });
    expect(dry.err).not.toContain("are installed");
    expect(existsSync(join(bob, "theirs"))).toBe(false);
  });

  it("takes theirs for all with install --overwrite", () => {
    t4(bob, "install");
    expect(t4(bob, "install", "--overwrite").code).toBe(0);
    expect(t4(bob, "status").out).toContain("Nothing changed.");
    expect(readFileSync(join(bob, "both"), "utf8")).toBe("alice\n");
  });

  it("sees them by every path that leads to the registry", () => {
    symlinkSync(join(cwd, "registry"), join(cwd, "link"));
    for (const path of ["../link", "../alice/../registry/"]) {
      expect(t4(bob, "push", "alice/w", ".", path, "-m", "3")).toMatchObject({ code: 5, out: "" });
    }
    t4(bob, "install");
    expect(t4(bob, "push", "alice/w", ".", "../link", "-m", "3").err).toMatch(/t4 resolve/);
    expect(cat("both")).toBe("alice\n");
  });

  it("says what was replaced with --force, and by a directory that remembers nothing", () => {
    const [theirs = ""] = t4(cwd, "log", "alice/w", "--registry", "registry", "--json").out.match(/[0-9a-f]{64}/) ?? [];
    const force = t4(bob, "push", "-m", "3", "--force");
    expect(force).toMatchObject({ code: 0, err: expect.stringContaining(`this replaces ${theirs.slice(0, 12)}`) });
    mkdirSync(join(cwd, "new"));
    writeFileSync(join(cwd, "new", "other"), "other\n");
    const push = t4(cwd, "push", "alice/w", "new", "registry", "-m", "4");
    expect(push).toMatchObject({ code: 0, err: expect.stringMatching(/1 added, 0 changed, [34] removed/) });
    expect(push.err).not.toContain("this replaces");
  });
});
