import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { BIN, Scratch } from "./scratch.js";

const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

describe("completion in", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/readme.md", "notes\n");
    await scratch.publish("data", "my registry", "First");
    await (await new Package().setText("b", "b")).push("bob/other", scratch.path("my registry"));
    scratch.write("bin/t4", `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    scratch.shell("chmod +x bin/t4");
    scratch.env["PATH"] = `${scratch.path("bin")}:${scratch.env["PATH"] ?? ""}`;
  });

  /** What a real shell would complete at the end of a line; the last word may be empty. */
  type Complete = (line: string, at?: string) => string[];
  const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

  const inBash: Complete = (line, at) => {
    const words = line.split(/(=|@|:)|\s/).filter((word) => word !== undefined);
    const array = words.map((word) => `'${word.replaceAll("+", " ")}'`).join(" ");
    const script = `source <(t4 completion bash); COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}
      complete -p t4 | grep -q -- '-F _t4' && _t4 && printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(scratch.shell(script, at).out);
  };
  const inZsh: Complete = (line, at) => {
    // What the functions of zsh's completion are given, without a terminal.
    const script = `compdef() { :; }; _files() { print -- FILES; }; _describe() { print -l -- "\${(@P)2}"; }
      source <(t4 completion zsh); words=(${line.replace(/ $/, ' ""')}); CURRENT=$#words; _t4`;
    const { stdout } = spawnSync("zsh", ["-fc", script], {
      cwd: scratch.path(at ?? "."),
      env: scratch.env,
      encoding: "utf8",
    });
    return lines(stdout)
      .filter((word) => word !== "FILES")
      .map((word) => word.replace(/:.*/, ""));
  };
  const inFish: Complete = (line, at) => {
    const script = `t4 completion fish | source; complete -C '${line}'`;
    const options = { cwd: scratch.path(at ?? "."), env: scratch.env, encoding: "utf8" } as const;
    return lines(spawnSync("fish", ["-Nc", script], options).stdout).map((word) => word.replace(/\t.*/, ""));
  };

  describe.each([
    ["bash", inBash],
    ["zsh", inZsh],
    ["fish", inFish],
  ] as const)("%s", (shell, complete) => {
    it.skipIf(!has(shell))("commands, options, names of packages and words of few", () => {
      expect(complete("t4 ")).toEqual(expect.arrayContaining(["push", "install", "fsck", "help"]));
      expect(complete("t4 re")).toEqual(["resolve"]);
      expect(complete("t4 push --d")).toEqual(expect.arrayContaining(["--dedupe", "--dest", "--dry-run"]));
      expect(complete("t4 push --d")).not.toContain("--quiet");
      expect(complete("t4 log --reg")).toEqual(["--registry"]);
      expect(complete("t4 push --copy ")).toEqual(expect.arrayContaining(["missing", "all", "local", "none"]));
      expect(complete("t4 config set default_r")).toEqual(["default_remote_registry"]);
      expect(complete("t4 help ins")).toEqual(["install"]);
    });

    it.skipIf(!has(shell))("names of the directory's registry, and of one that is named", () => {
      expect(complete("t4 log ", "data")).toEqual(expect.arrayContaining(["alice/weather", "bob/other"]));
      expect(complete("t4 log bo", "data")).toEqual(["bob/other"]);
      expect(complete("t4 diff alice/weather bo", "data")).toEqual(["bob/other"]);
      expect(complete("t4 tag --dry-run bo", "data")).toEqual(["bob/other"]);
      expect(complete("t4 log bo")).not.toContain("bob/other");
    });
  });

  it("bash, where a registry is named with its blanks, as an option's own word or in one with it", () => {
    expect(inBash("t4 log --registry my+registry bo")).toEqual(["bob/other"]);
    expect(inBash("t4 log --registry=my+registry bo")).toEqual(["bob/other"]);
    expect(inBash("t4 show alice/weather@la", "data")).toEqual([]);
    expect(inBash("t4 push alice/weather da", "data")).toEqual([]);
    expect(inBash("t4 nonsense x")).toEqual([]);
  });

  it("bash, which never runs what a registry calls a package", () => {
    const name = "x$(touch owned)";
    mkdirSync(scratch.path("my registry/.quilt/named_packages/eve", name), { recursive: true });
    scratch.shell(
      `cp my\\ registry/.quilt/named_packages/alice/weather/latest "my registry/.quilt/named_packages/eve/"'${name}'`,
    );
    expect(inBash("t4 log eve", "data")).toEqual([]);
    expect(scratch.shell("find . -name owned").out).toBe("");
  });

  it.skipIf(process.platform !== "linux" || !has("script"))("a real bash, with Tab", () => {
    const script = `cd data; bind 'set bell-style none' 2>/dev/null; source <(t4 completion bash)\nt4 log bo\t--limit 1\nexit\n`;
    const { stdout } = spawnSync("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
      cwd: scratch.cwd,
      env: { ...scratch.env, TERM: "dumb" },
      input: script,
      encoding: "utf8",
      timeout: 120_000,
    });
    expect(stdout).toContain("t4 log bob/other --limit 1");
  });
});
