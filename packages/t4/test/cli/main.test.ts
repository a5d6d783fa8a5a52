import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "#t4/cli/command-table.js";
import { main } from "#t4/cli/main.js";
import { progressLine } from "#t4/cli/progress.js";
import { bytes, clean, duration, table } from "#t4/cli/render.js";
import { temporaryDirectory } from "../temporary.js";

/** The command with an outside world of the test's. */
class Terminal {
  out = "";
  err = "";
  readonly questions: string[] = [];
  columns: number | undefined;
  answer: boolean | undefined;

  run(...argv: string[]): Promise<number> {
    this.out = "";
    this.err = "";
    return main(argv, this.context());
  }

  context(): Parameters<typeof main>[1] {
    return {
      out: (text) => void (this.out += text),
      outBytes: async (chunk) => void (this.out += Buffer.from(chunk).toString()),
      paintOut: (_, text) => text,
      err: (text) => void (this.err += text),
      paintErr: (_, text) => text,
      columns: () => this.columns,
      confirm: async (question) => {
        this.questions.push(question);
        return this.answer;
      },
      signal: new AbortController().signal,
    };
  }
}

describe("the command", () => {
  let terminal: Terminal;
  let registry: string;
  let data: string;

  beforeEach(() => {
    const root = temporaryDirectory();
    terminal = new Terminal();
    registry = join(root, "registry");
    data = join(root, "data");
    mkdirSync(data);
    writeFileSync(join(data, "a.txt"), "a");
  });

  it("names all commands, and each has an example in its help", async () => {
    expect(await terminal.run("--help")).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(terminal.out).toContain(`  ${name} `);
    for (const name of Object.keys(COMMANDS)) {
      expect(await terminal.run(name, "--help"), name).toBe(0);
      expect(terminal.out, name).toMatch(/Examples?:\n {2}/);
      expect(terminal.out, name).toContain(`Usage: t4 ${name}`);
    }
  });

  it("has --dry-run on every writing verb, and --json on every reading one", async () => {
    const has = async (flag: string, name: string): Promise<boolean> => {
      await terminal.run(name, "--help");
      return terminal.out.includes(flag);
    };
    for (const name of ["build", "push", "install", "tag", "rollback", "undo", "rm", "gc", "fsck", "copy", "config"]) {
      expect(await has("--dry-run", name), name).toBe(true);
    }
    for (const name of ["list", "log", "show", "ls", "diff", "status", "verify", "gc", "fsck", "config"]) {
      expect(await has("--json", name), name).toBe(true);
    }
  });

  it("asks before it takes something out, and takes no for an answer", async () => {
    await terminal.run("push", "a/b", data, registry, "-q");
    terminal.answer = false;
    expect(await terminal.run("rm", "a/b", "--registry", registry)).toBe(2);
    expect(terminal.questions[0]).toMatch(/Take out the package a\/b/);
    expect(await terminal.run("list", registry)).toBe(0);
    expect(terminal.out).toBe("a/b\n");
    terminal.answer = true;
    expect(await terminal.run("rm", "a/b", "--registry", registry)).toBe(0);
    await terminal.run("list", registry);
    expect(terminal.out).toBe("");
  });

  it("takes nothing out where nobody can be asked, unless told to", async () => {
    await terminal.run("push", "a/b", data, registry, "-q");
    expect(await terminal.run("rm", "a/b", "--registry", registry)).toBe(2);
    expect(terminal.err).toContain("--yes");
    expect(await terminal.run("rm", "a/b", "--registry", registry, "--yes")).toBe(0);
  });

  it.each([
    ["tag", "a/b", "x"],
    ["rollback", "a/b@latest~1"],
    ["undo", "a/b"],
    ["rm", "a/b"],
  ])("changes nothing on %s --dry-run", async (...argv) => {
    await terminal.run("push", "a/b", data, registry, "-q", "-m", "1");
    await terminal.run("push", "a/b", data, registry, "-q", "-m", "2");
    await terminal.run("log", "a/b", "--registry", registry);
    const before = terminal.out;
    expect(await terminal.run(...argv, "--registry", registry, "--dry-run")).toBe(0);
    await terminal.run("log", "a/b", "--registry", registry);
    expect(terminal.out).toBe(before);
    expect(before.split("\n")).toHaveLength(3);
  });

  it.each(["bash", "zsh", "fish"])("prints a completion script for %s with all options", async (shell) => {
    expect(await terminal.run("completion", shell)).toBe(0);
    expect(terminal.out).toContain("fsck");
    expect(terminal.out).toContain(shell === "fish" ? "-l dry-run" : "--dry-run");
  });

  it("does not take names of object members for commands", async () => {
    expect(await terminal.run("constructor")).toBe(2);
    expect(await terminal.run("config", "get", "__proto__")).toBe(2);
    expect(await terminal.run("completion", "toString")).toBe(2);
  });
});

describe("progress", () => {
  it("is one line that fits the terminal, with bytes, files and a bar, and silent elsewhere", () => {
    const terminal = new Terminal();
    const progress = { phase: "copy", filesDone: 3, filesTotal: 7, bytesDone: 5e8, bytesTotal: 1e9 } as const;
    expect(progressLine(terminal.context()).onProgress).toBeUndefined();
    terminal.columns = 200;
    expect(progressLine(terminal.context(), true).onProgress).toBeUndefined();
    progressLine(terminal.context()).onProgress?.(progress);
    expect(terminal.err).toContain("copy ██████████░░░░░░░░░░ 500 MB/1.00 GB, 3/7 files");
    terminal.err = "";
    terminal.columns = 20;
    progressLine(terminal.context()).onProgress?.(progress);
    expect(terminal.err.replace("\r\u001b[2K", "").length).toBeLessThan(20);
  });
});

describe("rendering", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [123_456, "123 kB"],
    [5e15, "5.00 PB"],
  ])("%d bytes as %s", (count, text) => expect(bytes(count)).toBe(text));

  it.each([
    [0.2, "1 s"],
    [600, "10 min"],
    [86_400, "24 h"],
  ])("%d seconds as %s", (seconds, text) => expect(duration(seconds)).toBe(text));

  it("columns by their width on a terminal, also of wide characters", async () => {
    expect(
      await table([
        ["データ", "1"],
        ["a", "2"],
      ]),
    ).toBe("データ  1\na       2\n");
    expect(
      await table([
        ["\u001b[33mab\u001b[39m", "1"],
        ["abc", "2"],
      ]),
    ).toBe("\u001b[33mab\u001b[39m   1\nabc  2\n");
  });

  it("no control character of a package", () => {
    expect(clean("a\u001b[2J\u202eb\n")).toBe("a\\u001b[2J\\u202eb\\u000a");
  });
});
