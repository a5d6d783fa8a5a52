import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package, type Registry } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { Scratch } from "./scratch.js";
import { Terminal } from "./terminal.js";

describe("undo asks before it takes out a revision", () => {
  let terminal: Terminal;
  let location: string;
  let registry: Registry;
  let words: string[];

  const push = async (text: string, message: string): Promise<string> =>
    (await new Package().setText("a.txt", text)).push("ot/x", location, { message, force: true });

  beforeEach(async () => {
    terminal = new Terminal();
    location = join(temporaryDirectory(), "registry");
    await push("1", "First");
    registry = await openRegistry(location);
    words = ["ot/x", "--registry", location];
  });

  it("also where the line was shown for a tag, before somebody else pushed", async () => {
    expect(await terminal.run("tag", "ot/x", "v1", "--registry", location)).toBe(0);
    const theirs = await push("2", "Theirs\n\nwith reasons");
    for (const answer of [undefined, false]) {
      terminal.answer = answer;
      expect(await terminal.run("undo", ...words)).toBe(2);
      expect(terminal.err).toContain(`Did not take out ${theirs.slice(0, 12)} of ot/x`);
      expect(terminal.err).toContain("--yes does it without asking");
      expect(await registry.resolve("ot/x")).toBe(theirs);
    }
    expect(terminal.questions[0]).toMatch(
      new RegExp(
        `^Take out ${theirs.slice(0, 12)} of ot/x, published \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC, "Theirs …"\\?$`,
      ),
    );
    terminal.answer = true;
    expect(await terminal.run("undo", ...words)).toBe(0);
    expect(await registry.resolve("ot/x")).not.toBe(theirs);
    expect(terminal.questions).toHaveLength(3);
  });

  it("with --yes and --dry-run it does not", async () => {
    const second = await push("2", "Second");
    expect(await terminal.run("undo", ...words, "--dry-run")).toBe(0);
    expect(await registry.resolve("ot/x")).toBe(second);
    expect(await terminal.run("undo", ...words, "--yes")).toBe(0);
    expect(await registry.resolve("ot/x")).not.toBe(second);
    expect(terminal.questions).toEqual([]);
  });

  it("nor where none goes: after an undo of a push, tag, rollback and rm", async () => {
    await push("2", "Second");
    const operations = [
      () => registry.undo("ot/x"),
      () => registry.tag("ot/x", "v1"),
      () => registry.rollback("ot/x", "latest~1"),
      () => registry.deletePackage("ot/x"),
    ];
    for (const operation of operations) {
      const { kind } = await operation();
      expect(await terminal.run("undo", ...words), kind).toBe(0);
    }
    expect(terminal.questions).toEqual([]);
  });

  it("of a removal that would be done again, too", async () => {
    await push("2", "Second");
    await registry.deletePackage("ot/x");
    await registry.undo("ot/x");
    expect(await terminal.run("undo", ...words)).toBe(2);
    expect(terminal.err).toMatch(/"Second", and 1 more\.$/m);
    expect(await registry.resolve("ot/x")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("and takes out no other than it asked about", async () => {
    await push("2", "Second");
    let third = "";
    const context = {
      ...terminal.context(),
      confirm: async () => {
        third = await push("3", "Third");
        return true;
      },
    };
    terminal.context = () => context;
    expect(await terminal.run("undo", ...words)).toBe(5);
    expect(terminal.err).toContain("Others changed ot/x meanwhile. Nothing was undone.");
    expect(await registry.resolve("ot/x")).toBe(third);
  });
});

describe("undo in a directory that stands on what it takes out", () => {
  let scratch: Scratch;
  const undo = (...words: string[]): string => scratch.t4(["undo", "--yes", ...words], "data").err;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/paper.txt", "one\n");
    await scratch.publish("data", "registry", "First");
    scratch.write("data/paper.txt", "two\n");
  });

  it("says so, and by which command the files stay", async () => {
    const second = await scratch.publish("data", "registry", "Second");
    const err = undo();
    expect(err).toContain(`this directory stands on ${second.slice(0, 12)}, which was taken out: t4 install would`);
    const keep = /t4 push --force(?= keeps them)/.exec(err)?.[0] ?? `none in: ${err}`;
    scratch.write("data/more.txt", "since\n");
    expect(scratch.shell(keep, "data")).toMatchObject({ code: 0 });
    expect(scratch.shell("cat paper.txt", "data").out).toBe("two\n");
    expect(scratch.ok(["cat", "@latest/paper.txt"], "data")).toBe("two\n");
    expect(scratch.ok(["ls", "@latest"], "data")).toContain("more.txt");
  });

  it("also of the first push, after which there is no package", () => {
    scratch.ok(["push", "alice/new", "data", "registry", "-q"]);
    expect(undo()).toContain("which was taken out. t4 push --force keeps");
    expect(scratch.shell("t4 push --force", "data")).toMatchObject({ code: 0 });
    expect(scratch.ok(["cat", "@latest/paper.txt"], "data")).toBe("two\n");
  });

  it("not where it stands on another revision, or the same is still the latest", async () => {
    const pkg = await new Package().setText("a.txt", "a");
    await pkg.push("alice/weather", scratch.path("registry"), { message: "Other", force: true });
    expect(undo()).not.toContain("stands on");
    await scratch.publish("data", "registry", "Twice");
    scratch.ok(["push", "-m", "Twice"], "data");
    expect(undo()).not.toContain("stands on");
  });

  it("nor of another registry", async () => {
    const second = await scratch.publish("data", "registry", "Second");
    scratch.ok(["copy", "alice/weather", "registry", "other"]);
    expect(undo("alice/weather", "--registry", "../other")).not.toContain("stands on");
    expect(scratch.ok(["log"], "data")).toContain(second.slice(0, 12));
  });
});
