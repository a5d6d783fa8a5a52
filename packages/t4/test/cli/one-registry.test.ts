import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { Scratch } from "./scratch.js";

/** The rule by which every command finds its registry: named, the directory's, the configured or local one. */
describe("in a directory that was installed, its registry is that of", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/readme.md", "notes\n");
    await scratch.publish("data", "registry", "First");
    await Package.install("alice/weather", { registry: scratch.path("registry"), dest: scratch.path("copy") });
    const other = await new Package().setText("b.txt", "b");
    await other.push("bob/other", scratch.path("registry"), { message: "Other" });
  });

  it.each([
    ["list", "bob/other"],
    ["log bob/other", "Other"],
    ["show bob/other", "Other"],
    ["ls bob/other", "b.txt"],
    ["cat bob/other/b.txt", "b"],
    ["diff alice/weather bob/other", "b.txt"],
    ["gc --json", "manifests"],
    ["fsck --json", "[]"],
    ["push bob/new --dry-run", ""],
  ])("t4 %s", (line, text) => {
    const { code, out, err } = scratch.shell(`t4 ${line}`, "copy");
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toContain(text);
    expect(err).not.toContain("home");
  });

  it("rm, tag, rollback and undo", () => {
    for (const line of ["rm bob/other --yes", "undo bob/other", "tag bob/other v1", "rollback bob/other:v1"])
      expect(scratch.shell(`t4 ${line}`, "copy"), line).toMatchObject({ code: 0 });
    expect(scratch.shell("t4 rm @latest --dry-run", "copy")).toMatchObject({ code: 0 });
  });

  it("install, which fills the directory where it has the package, and no other", () => {
    scratch.write("copy/readme.md", "mine\n");
    expect(scratch.t4(["install", "alice/weather@latest"], "copy").err).toContain("kept readme.md");
    expect(scratch.t4(["install", "@latest"], "copy").err).toContain("kept readme.md");
    expect(scratch.t4(["install", "bob/other"], "copy")).toMatchObject({ code: 0 });
    expect(scratch.shell("find . -name b.txt -path '*bob/other*'", "home").out).not.toBe("");
    expect(scratch.shell("ls", "copy").out).toBe("readme.md\n");
  });

  it("verify, of another package too", () => {
    const { code, out } = scratch.t4(["verify", ".", "bob/other"], "copy");
    expect({ code, out }).toEqual({ code: 6, out: "missing b.txt\nextra readme.md\n" });
  });

  it("and one that is named comes first", () => {
    expect(scratch.t4(["list", "--registry", "../nowhere"], "copy")).toMatchObject({ code: 4 });
    expect(scratch.t4(["rm", "bob/other", "--registry", "../nowhere", "--yes"], "copy")).toMatchObject({ code: 4 });
  });
});

describe("what names no revision", () => {
  it.each([
    ["latest~1", "Did you mean @latest~1?"],
    ["weather", "Revisions of this directory's package are @<hash>"],
  ])("%s is answered with the forms that do", async (word, hint) => {
    const scratch = new Scratch();
    scratch.write("data/readme.md", "notes\n");
    await scratch.publish("data", "registry", "First");
    const { code, err } = scratch.t4(["log", word], "data");
    expect(code).toBe(2);
    expect(err).toContain(hint);
    expect(err).not.toContain("neither installed nor pushed");
  });
});
