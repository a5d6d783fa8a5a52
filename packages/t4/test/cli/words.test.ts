import { beforeEach, describe, expect, it, vi } from "vitest";
import { Scratch } from "./scratch.js";
import { Terminal } from "./terminal.js";

describe("messages say what is wrong and what to do", () => {
  let scratch: Scratch;
  const registry = ["--registry", "registry"];
  const said = (result: { readonly out: string; readonly err: string }): string =>
    `${result.out}${result.err}`.replaceAll(/\s+/g, " ");

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    await scratch.publish("data", "registry", "First");
  });

  it("to take in what others published before what changed here is pushed", () => {
    scratch.ok(["install", "alice/weather", ...registry, "--dest", "copy"]);
    scratch.write("data/a.txt", "theirs");
    scratch.ok(["push"], "data");
    scratch.write("copy/mine.txt", "mine");
    expect(scratch.t4(["status"], "copy").err).toMatch(/Next: t4 install\n$/);
    const push = scratch.t4(["push"], "copy");
    expect(push.code).toBe(5);
    expect(push.err).toMatch(/expected [0-9a-f]{12}, got [0-9a-f]{12}\./);
    scratch.ok(["install"], "copy");
    expect(scratch.t4(["status"], "copy").err).toMatch(/Next: t4 push/);
  });

  it("that a package was taken out, and how it comes back", () => {
    scratch.ok(["rm", "alice/weather", ...registry, "--yes"]);
    const undo = `t4 undo alice/weather --registry ${scratch.path("registry")} brings it back`;
    for (const words of [["log"], ["install", "--dest", "copy"]]) {
      const [name = "", ...more] = words;
      const gone = scratch.t4([name, "alice/weather", ...registry, ...more]);
      expect(gone).toMatchObject({ code: 4, err: expect.stringContaining(undo) });
    }
    const status = scratch.t4(["status"], "data");
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining("There is no package alice/weather in") });
    expect(status.out).toContain(undo);
    scratch.shell("rm -r registry");
    expect(scratch.t4(["status"], "data").out).toContain(`There is no registry at ${scratch.path("registry")}`);
    expect(scratch.t4(["log", "alice/nope", "--registry", "registry"]).err).not.toContain("undo");
  });

  it("which file's object is missing or damaged, and who finds the others", () => {
    for (const line of ["truncate -s 0", "rm"]) {
      scratch.shell(`find registry -path '*/objects/*' -type f -exec ${line} {} +`);
      const { code, err } = scratch.t4(["install", "alice/weather", ...registry, "--dest", "copy"]);
      expect([4, 6]).toContain(code);
      expect(err).toContain('Cannot install "a.txt": ');
      expect(err).toContain("t4 fsck registry --read-data");
    }
  });

  it.each([
    ["status", "data/a.txt"],
    ["push", "alice/weather", "data/a.txt", "registry"],
    ["build", "alice/weather", "data/a.txt"],
  ])("that a file is no directory: %s %s", (...words) => {
    const { code, err } = scratch.t4(words);
    expect(code).toBe(4);
    expect(err).toContain("a.txt is a file, not a directory.");
  });

  it("in lines that end at words, on a terminal", async () => {
    const terminal = new Terminal();
    terminal.columns = 60;
    expect(await terminal.run("status", scratch.path("home"))).toBe(2);
    const lines = terminal.err.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length <= 60 || !line.includes(" ", 8)).toBe(true);
    terminal.columns = undefined;
    await terminal.run("status", scratch.path("home"));
    expect(terminal.err.trimEnd().split("\n")).toHaveLength(2);
    expect(terminal.err.replaceAll(/\s+/g, " ").trim()).toBe(lines.join(" "));
  });

  it("in lines that end at words, what goes well, too; lines to be copied stay whole", async () => {
    const terminal = new Terminal();
    terminal.columns = 50;
    const push = ["push", "alice/long", scratch.path("data"), scratch.path("a-registry-with-a-long-name")];
    vi.stubEnv("HOME", scratch.path("home"));
    expect(await terminal.run(...push, "-m", "x")).toBe(0);
    vi.unstubAllEnvs();
    const lines = terminal.err.split("\n").filter((line) => !line.startsWith("\r"));
    expect(lines.filter((line) => line.length > 50 && line.slice(0, 50).includes(" "))).toEqual([
      expect.stringMatching(/^Next: t4 log alice\/long --registry \S+$/),
    ]);
    expect(terminal.err.replaceAll("\n", " ")).toContain("1 added, 0 changed, 0 removed");
  });

  it("that a first push changes no metadata", () => {
    const { err } = scratch.t4(["push", "alice/new", "data", "registry", "--meta", "{}"]);
    expect(err).toContain("1 added, 0 changed, 0 removed\n");
    expect(scratch.t4(["push", "alice/new", "data", "registry", "--meta", '{"a":1}']).err).toContain(
      "metadata changed",
    );
  });

  it("what a revision is called, where it is, and when it was published", () => {
    scratch.ok(["tag", "v1"], "data");
    const shown = scratch.ok(["show"], "data");
    expect(shown).toMatch(/^package {3}alice\/weather\nregistry {2}\/.*registry\ntop hash {2}[0-9a-f]{64}\n/);
    expect(shown).toMatch(/^time {6}\d{4}-\d\d-\d\d \d\d:\d\d UTC\ntags {6}latest, v1\n/m);
    const json: unknown = JSON.parse(scratch.ok(["show", "--json"], "data"));
    expect(json).toMatchObject({ name: "alice/weather", names: ["latest", "v1"], time: expect.any(String) as string });
  });

  it("that a registry is a folder or a bucket, and what copy takes", () => {
    expect(said(scratch.t4(["--help"]))).toContain("A registry is a folder or a bucket");
    for (const name of ["list", "push", "copy", "log"])
      expect(said(scratch.t4([name, "--help"])), name).toContain("folder or bucket");
    expect(said(scratch.t4(["copy", "--help"]))).toContain("Copy a revision, or the whole history, without tags");
  });

  it("what a copy that meets a damaged file leaves", async () => {
    scratch.shell("find registry -path '*/objects/*' -type f -exec sh -c 'chmod u+w $0; printf b > $0' {} \\;");
    const { code, err } = scratch.t4(["copy", "alice/weather", "registry", "second"]);
    expect(code).toBe(6);
    expect(err).toContain("Nothing was published in second; files that were copied already stay there");
    expect(err).not.toContain("nothing was written");
  });

  it("that --dedupe compares the message, too", () => {
    const push = (...more: readonly string[]): boolean =>
      (JSON.parse(scratch.ok(["push", "--dedupe", "--json", ...more], "data")) as { isPublished: boolean }).isPublished;
    expect(push("-m", "First")).toBe(false);
    expect(push()).toBe(true);
    expect(said(scratch.t4(["push", "--help"]))).toContain(
      "files, metadata, message and workflow are those of the latest",
    );
  });

  it("with paths, where two registries went separate ways", async () => {
    scratch.write("data/b.txt", "b");
    await scratch.publish("data", "second", "Another");
    const { code, err } = scratch.t4(["copy", "alice/weather", "registry", "second"]);
    expect(code).toBe(5);
    expect(err).toContain(scratch.path("second"));
    expect(err).not.toContain("file://");
    expect(err).not.toMatch(/[0-9a-f]{64}/);
  });
});
