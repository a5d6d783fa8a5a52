import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("push says what may not have been meant", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    for (let i = 10; i < 22; i++) scratch.write(`data/${i}.txt`, "x");
    await scratch.publish("data", "registry", "First");
  });

  it("that it makes a new registry", () => {
    const dry = scratch.t4(["push", "alice/weather", "data", "./registri", "--dry-run"]);
    expect(dry.err).toContain(`Would make a new registry at ${scratch.path("registri")}.`);
    expect(scratch.shell("ls").out).not.toContain("registri");
    const first = scratch.t4(["push", "alice/weather", "data", "./registri"]);
    expect(first.err).toContain(`Made a new registry at ${scratch.path("registri")}.`);
    expect(scratch.t4(["push", "alice/new", "data", "./registri"]).err).not.toContain("registry at");
    const json = ["push", "alice/weather", "data", "--json"];
    expect(JSON.parse(scratch.ok([...json, "./third"]))).toMatchObject({ isNewRegistry: true, isPublished: true });
    expect(JSON.parse(scratch.ok([...json, "./third"]))).toMatchObject({ isNewRegistry: false, name: "alice/weather" });
  });

  it.skipIf(process.platform !== "linux")("which new files no others can have", () => {
    for (const name of ["a\\b.txt", "aux.txt", "Aux.csv"]) scratch.write(`data/${name}`, "x");
    scratch.shell("cp data/Aux.csv data/aux.csv");
    expect(scratch.t4(["push", "-m", "x"], "data").err).toContain(`
note: the package cannot be installed whole everywhere:
  Aux.csv: not on Windows, 'Aux.csv' is a device on Windows
  a\\b.txt: not on any system, it has a backslash
  aux.csv: not on Windows, 'aux.csv' is a device on Windows
  aux.txt: not on Windows, 'aux.txt' is a device on Windows
`);
    scratch.write("data/more.txt", "x");
    expect(scratch.t4(["push", "-m", "x"], "data").err).not.toContain("note:");
  });

  it.each([
    ["rm -r registry", "There is no registry at", "Mount it"],
    ["rm -r registry/.quilt", "There is no package alice/weather in", "t4 undo alice/weather brings it back"],
  ])("that the directory's registry is gone: %s", (line, message, hint) => {
    scratch.shell(line);
    scratch.write("data/new.txt", "new");
    const before = scratch.shell("find registry").out;
    const gone = scratch.t4(["push", "-m", "x"], "data");
    expect(gone).toMatchObject({ code: 4, out: "" });
    expect(gone.err).toContain(`${message} ${scratch.path("registry")}`);
    expect(gone.err).toContain(hint);
    expect(gone.err).not.toContain("moved");
    expect(scratch.shell("find registry").out).toBe(before);
    expect(scratch.t4(["status"], "data")).toMatchObject({ code: 0, out: expect.stringContaining("+ new.txt") });
    expect(JSON.parse(scratch.ok(["status", "--json"], "data"))).toMatchObject({ latest: null, added: ["new.txt"] });
    const anew = scratch.t4(["push", "-m", "x", "--force"], "data");
    expect(anew).toMatchObject({ code: 0, err: expect.stringContaining("Made a new registry") });
    expect(scratch.ok(["log", "alice/weather", "--registry", "registry"]).trim().split("\n")).toHaveLength(1);
  });

  it("that a directory which knew no earlier revision removes files, and how to take that back", () => {
    scratch.write("other/10.txt", "x");
    const dry = scratch.t4(["push", "alice/weather", "other", "registry", "--dry-run"]);
    expect(dry.err).toMatch(/knew no earlier revision: 11 files of alice\/weather@[0-9a-f]{12} .* would be no longer/);
    const { code, err } = scratch.t4(["push", "alice/weather", "other", "registry", "-m", "Second"]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /knew no earlier revision: 11 files .* are no longer.*:\n {2}11\.txt\n(.*\n){9} {2}and 1 more\n/,
    );
    const undo = /^(t4 undo .*) takes this back/m.exec(err)?.[1] ?? "";
    expect(scratch.shell(`${undo} --yes`)).toMatchObject({ code: 0 });
    expect(scratch.ok(["ls", "alice/weather", "--registry", "registry"])).toContain("21.txt");
  });

  it("and nothing of that where the directory stands on the revision, or only adds", () => {
    scratch.shell("rm data/10.txt");
    expect(scratch.t4(["push", "-m", "Second"], "data").err).not.toContain("knew no");
    scratch.shell("rm -r data/.t4 && touch data/more.txt");
    expect(scratch.t4(["push", "alice/weather", "data", "registry"]).err).not.toContain("knew no");
  });
});

describe("push looks twice", () => {
  let scratch: Scratch;
  const push = (...words: readonly string[]) => scratch.t4(["push", ...words]);
  const files = (): string => scratch.ok(["ls", "alice/weather", "--registry", "registry"]);

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    scratch.write("data/b.txt", "b");
    await scratch.publish("data", "registry", "First");
  });

  it.each([
    ["alice/weather", "empty", "registry"],
    ["alice/weather", "data"],
  ])("at a directory without files, over a package that has some: %s %s", (...words) => {
    scratch.shell("mkdir empty; rm data/*");
    for (const dry of [[], ["--dry-run"]]) {
      const { code, out, err } = push(...words, ...dry);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain("has no files: this would remove all 2 files of alice/weather");
      expect(err).toContain("--force");
    }
    expect(files()).toContain("a.txt");
    expect(push(...words, "--force").code).toBe(0);
    expect(files()).toBe("");
  });

  it("at words that were swapped", () => {
    scratch.write("other/c.txt", "c");
    const { code, err } = push("alice/weather", "registry", "other");
    expect(code).toBe(2);
    expect(err).toContain("did you swap");
    expect(err).toContain("t4 push alice/weather other registry");
    expect(push("alice/weather", "registry", "other", "--force").code).toBe(0);
  });

  it("and says what no package can hold", () => {
    scratch.shell(
      "mkdir -p data/hollow/deep data/real && touch data/real/x && ln -s real data/linked && ln -s no data/lost",
    );
    for (const path of [".git/config", ".git/HEAD", "real/.ssh/id", "secret/.git/config"])
      scratch.write(`data/${path}`, "x");
    scratch.write("data/.quiltignore", "secret/\n");
    const dry = push("alice/weather", "data", "--dry-run");
    expect(dry.err).toContain(
      "Left out: 2 guarded names such as .git, 1 empty directory, 1 link to a directory, 1 broken link; -v names them.\n",
    );
    expect(dry.err).not.toContain("hollow");
    const { err } = push("alice/new", "data", "registry", "-v");
    expect(err).toContain("  data/hollow/deep (empty directory)\n");
    expect(err).toContain("  data/linked (link to a directory)\n");
    expect(err).toContain("  data/real/.ssh (guarded name)\n");
    expect(err).not.toContain("secret");
    expect(push("alice/new", "data", "registry", "--quiet").err).toBe("");
    expect(scratch.t4(["build", "alice/built", "data"]).err).toContain("  data/lost (broken link)\n");
  });

  it("and says that a directory belongs to another package from now on", () => {
    expect(push("alice/other", "data", "registry", "--dry-run").err).not.toContain("belongs");
    expect(push("alice/other", "data", "registry").err).toContain(
      "data belongs to alice/other now, no longer to alice/weather.",
    );
    expect(push("alice/other", "data").err).not.toContain("belongs");
    expect(push("alice/other", "data", "second").err).toContain(
      `data belongs to ${scratch.path("second")} now, no longer to ${scratch.path("registry")}.`,
    );
  });
});
