import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("--json", () => {
  let scratch: Scratch;
  let first: string;
  let second: string;
  const registry = ["--registry", "registry"];
  const run = (...args: readonly string[]): unknown => {
    const { code, out, err } = scratch.t4([...args, "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out);
  };

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    first = await scratch.publish("data", "registry", "First");
    scratch.write("data/b.txt", "b");
    second = await scratch.publish("data", "registry", "Second");
  });

  it("prints what install, copy, build and resolve did", () => {
    expect(run("install", "alice/weather", ...registry, "--dest", "copy")).toEqual({
      directory: scratch.path("copy"),
      written: 2,
      already: 0,
      kept: [],
      conflicts: [],
      removed: [],
    });
    expect(run("copy", "alice/weather", "registry", "other")).toMatchObject({ topHash: second, isPublished: true });
    expect(run("build", "alice/built", "data")).toEqual({ topHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    scratch.write("copy/a.txt", "mine");
    scratch.write("data/a.txt", "theirs");
    scratch.ok(["push"], "data");
    expect(scratch.t4(["install", "--json"], "copy")).toMatchObject({ code: 3 });
    expect(run("resolve", "a.txt", "--mine", "--dir", "copy")).toEqual(["a.txt"]);
  });

  it("prints the operation of tag, rollback, undo and rm", () => {
    const [moved] = [{ pointer: "v1", before: null, after: second }];
    expect(run("tag", "alice/weather", "v1", ...registry)).toEqual({ kind: "tag", changes: [moved] });
    expect(run("undo", "alice/weather", ...registry)).toMatchObject({ kind: "tag", changes: [moved] });
    const back = { pointer: "latest", before: second, after: first };
    expect(run("rollback", "alice/weather@latest~1", ...registry)).toEqual({ kind: "rollback", changes: [back] });
    const gone = {
      kind: "delete package",
      changes: expect.arrayContaining([expect.objectContaining({ after: null })]),
    };
    expect(run("rm", "alice/weather", ...registry, "--dry-run")).toMatchObject(gone);
    expect(run("rm", "alice/weather", ...registry, "--yes")).toMatchObject(gone);
  });

  it.each([
    [["rm", "--json"], 2],
    [["log", "--jsn", "--json"], 2],
    [["lst", "--json"], 2],
    [["tag", "alice/nope", "v1", "--registry", "registry", "--json"], 4],
  ])("makes errors JSON, whatever is wrong: %s", (args, code) => {
    const result = scratch.t4(args);
    expect(result).toMatchObject({ code, out: "" });
    const { error } = JSON.parse(result.err);
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_T4_/), message: expect.any(String) });
  });

  it("without it, a command line that is wrong comes with the usage", () => {
    expect(scratch.t4(["rm"])).toMatchObject({
      code: 2,
      err: "error: missing required argument 'reference'\nhint: Usage: t4 rm [options] <reference>\n",
    });
  });

  it("ends t4 catalog with 4 for a package that is not there", () => {
    const { code, out, err } = scratch.t4(["catalog", "alice/nope", ...registry, "--no-open"]);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("There is no package alice/nope");
  });
});
