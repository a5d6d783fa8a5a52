import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

/** A revision that was built, as by Quilt 3, points to files outside the registry. */
describe("files outside the registry", () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "one\n");
    scratch.ok(["build", "py/data", "data", "--registry", "registry"]);
  });

  it.each([
    ["cat", "py/data/a.txt", "--registry", "registry"],
    ["copy", "py/data", "registry", "second"],
    ["install", "py/data", "--registry", "registry", "--dest", "copy"],
    ["diff", "py/data", "py/nothing", "--text", "--registry", "registry"],
  ])("are read where they are allowed, as the hint says: %s", (...words) => {
    scratch.shell("mkdir empty && t4 push py/nothing empty registry --force");
    const refused = scratch.t4(words);
    expect(refused).toMatchObject({ code: 9, out: "" });
    const hint = /--allow-local \S+/.exec(refused.err)?.[0] ?? "";
    expect(hint).toBe(`--allow-local ${scratch.path("data")}`);
    const allowed = scratch.t4([...words, ...hint.split(" ")]);
    expect(allowed, allowed.err).toMatchObject({ code: 0 });
    if (words[0] === "copy") expect(scratch.ok(["cat", "py/data/a.txt", "--registry", "second"])).toBe("one\n");
    if (words[0] === "cat") expect(allowed.out).toBe("one\n");
    if (words[0] === "diff") expect(allowed.out).toContain("-one\n");
  });

  it("that a link leads to are refused, with what the command line can do", () => {
    scratch.write("secret", "x");
    scratch.shell("ln -s ../secret data/link");
    const { code, err } = scratch.t4(["push", "alice/weather", "data", "registry"]);
    expect(code).toBe(9);
    expect(err).toContain("Put the file itself in its place, or leave the link out with a line in .quiltignore.");
    scratch.write("data/.quiltignore", "link\n");
    scratch.ok(["push", "alice/weather", "data", "registry"]);
  });
});
