import { chownSync, existsSync, readFileSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { Scratch } from "./scratch.js";

/** Commands somewhere below a directory that remembers its package. */
describe("below a directory that was installed", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/2024/jan.csv", "a,b\n");
    scratch.write("data/readme.md", "notes\n");
    await scratch.publish("data", "registry", "First");
    await Package.install("alice/weather", { registry: scratch.path("registry"), dest: scratch.path("copy") });
  });

  it("status and diff find it, with paths that can be used there", () => {
    scratch.write("copy/readme.md", "mine\n");
    scratch.write("copy/2024/feb.csv", "c\n");
    for (const verb of ["status", "diff"]) {
      const { code, out } = scratch.t4([verb], "copy/2024");
      expect(code).toBe(0);
      expect(out).toContain("+ feb.csv");
      expect(out).toContain("~ ../readme.md");
    }
    expect(scratch.ok(["status", "copy"])).toContain("~ copy/readme.md");
    expect(JSON.parse(scratch.ok(["status", "--json"], "copy/2024"))).toMatchObject({ added: ["2024/feb.csv"] });
  });

  it("verify checks all of it", () => {
    expect(scratch.t4(["verify"], "copy/2024")).toMatchObject({ code: 0, err: expect.stringContaining("2 files") });
    scratch.write("copy/readme.md", "mine\n");
    expect(scratch.t4(["verify"], "copy/2024")).toMatchObject({ code: 6, out: "modified ../readme.md\n" });
  });

  it("push publishes all of it, also when its package is named, and nothing but the place when another one is", () => {
    scratch.write("copy/2024/feb.csv", "c\n");
    scratch.ok(["push", "-m", "Second"], "copy/2024");
    scratch.ok(["push", "alice/weather", "-m", "Third"], "copy/2024");
    expect(scratch.ok(["ls", "alice/weather", "--registry", "registry"])).toContain("readme.md");
    expect(existsSync(scratch.path("copy/2024/.t4"))).toBe(false);
    scratch.ok(["push", "bob/part", "-m", "Part"], "copy/2024");
    expect(scratch.ok(["ls", "bob/part", "--registry", "registry"])).not.toContain("readme.md");
  });

  it("paths of the package count from there, those of a reference do not", () => {
    expect(scratch.ok(["cat", "jan.csv"], "copy/2024")).toBe("a,b\n");
    expect(scratch.ok(["cat", "../readme.md"], "copy/2024")).toBe("notes\n");
    expect(scratch.ok(["cat", "@latest/readme.md"], "copy/2024")).toBe("notes\n");
    expect(scratch.ok(["ls"], "copy/2024")).toContain("jan.csv");
    expect(scratch.ok(["ls", ".."], "copy/2024")).toContain("readme.md");
    expect(scratch.ok(["show"], "copy/2024")).toContain("First");
    expect(scratch.t4(["cat", "../../data/readme.md"], "copy/2024")).toMatchObject({ code: 2, out: "" });
  });

  it("a path that could be a package is told from one by ./, which is said", async () => {
    scratch.write("copy/a/b/c.csv", "deep\n");
    scratch.ok(["push", "-m", "Deep"], "copy");
    for (const words of [
      ["cat", "a/b/c.csv"],
      ["show", "a/b/c.csv"],
      ["ls", "a/b"],
      ["diff", "a/b"],
    ]) {
      const { code, err } = scratch.t4(words, "copy");
      expect(code, words.join(" ")).toBe(4);
      expect(err).toContain("There is ./a/b here: ./ in front makes a path of what could be a package.");
    }
    expect(scratch.t4(["diff", "a/b/c.csv"], "copy").err).toContain("There is ./a/b/c.csv here: ./ in front");
    expect(scratch.ok(["cat", "./a/b/c.csv"], "copy")).toBe("deep\n");
    rmSync(scratch.path("copy/a"), { recursive: true });
    expect(scratch.t4(["cat", "a/b/c.csv"], "copy").err).toContain("There is ./a/b here");
    expect(scratch.t4(["cat", "a/c/c.csv"], "copy").err).not.toContain("./");
    expect(scratch.t4(["diff", "a/c/c.csv"], "copy").err).toContain("Leave out /c.csv.");
  });

  it("install takes the latest into all of it; with a path, into the place where that is", async () => {
    scratch.write("data/2024/feb.csv", "c\n");
    await scratch.publish("data", "registry", "Second");
    rmSync(scratch.path("copy/readme.md"));
    scratch.ok(["install", "--path", "feb.csv"], "copy/2024");
    expect(readFileSync(scratch.path("copy/2024/feb.csv"), "utf8")).toBe("c\n");
    expect(existsSync(scratch.path("copy/readme.md"))).toBe(false);
    scratch.ok(["install"], "copy/2024");
    expect(existsSync(scratch.path("copy/readme.md"))).toBe(false);
    scratch.ok(["install", "--overwrite"], "copy/2024");
    expect(readFileSync(scratch.path("copy/readme.md"), "utf8")).toBe("notes\n");
    expect(existsSync(scratch.path("copy/2024/.t4"))).toBe(false);
  });

  it("resolve takes the paths that status prints", async () => {
    scratch.write("copy/2024/jan.csv", "mine\n");
    scratch.write("data/2024/jan.csv", "theirs\n");
    await scratch.publish("data", "registry", "Second");
    const install = scratch.t4(["install"], "copy/2024");
    expect(install).toMatchObject({ code: 3, err: expect.stringContaining("t4 resolve --theirs jan.csv takes") });
    const next = /^Next: (.*)$/m.exec(scratch.t4(["status"], "copy/2024").err)?.[1] ?? "";
    expect(next).toBe("t4 resolve --theirs jan.csv");
    expect(scratch.shell(next, "copy/2024")).toMatchObject({ code: 0 });
    expect(readFileSync(scratch.path("copy/2024/jan.csv"), "utf8")).toBe("theirs\n");
  });

  // Only root can give files away.
  it.skipIf(process.getuid?.() !== 0)("one above that another user made counts only for who is in it", () => {
    chownSync(scratch.path("copy/.t4"), 12345, 12345);
    const below = scratch.t4(["status"], "copy/2024");
    expect(below).toMatchObject({ code: 2, out: "", err: expect.stringContaining("another user") });
    expect(scratch.t4(["push", "-m", "x"], "copy/2024")).toMatchObject({ code: 2, out: "" });
    expect(scratch.t4(["status"], "copy")).toMatchObject({ code: 0 });
  });

  it("a directory that is named has to be one itself, and the one above is named", () => {
    const result = scratch.t4(["status", "copy/2024"]);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain(`copy/2024 was neither installed nor pushed; ${scratch.path("copy")} was.`);
  });
});
