import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { COMMANDS } from "#t4/cli/command-table.js";
import { progressLine, withProgress } from "#t4/cli/progress.js";
import { bytes, duration, table } from "#t4/cli/render.js";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { Terminal } from "./terminal.js";

/** They print bytes, an address, a script or a file. */
const WITHOUT_JSON = new Set(["cat", "catalog", "completion", "types", "workflow"]);

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

  it("has --dry-run on every writing verb, and --json on all that have something to tell", async () => {
    const has = async (flag: string, name: string): Promise<boolean> => {
      await terminal.run(name, "--help");
      return terminal.out.includes(flag);
    };
    const writing = [
      "build",
      "push",
      "install",
      "tag",
      "rollback",
      "undo",
      "rm",
      "gc",
      "fsck",
      "copy",
      "config",
      "add",
      "update",
    ];
    for (const name of writing) {
      expect(await has("--dry-run", name), name).toBe(true);
    }
    for (const name of Object.keys(COMMANDS).filter((each) => !WITHOUT_JSON.has(each))) {
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

  it.each(Object.keys(COMMANDS))("help of %s fits 80 columns", async (verb) => {
    await terminal.run(verb, "--help");
    expect(terminal.out.split("\n").filter((line) => line.length > 80)).toEqual([]);
    await terminal.run();
    expect(terminal.out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("does not take names of object members for commands", async () => {
    expect(await terminal.run("constructor")).toBe(2);
    expect(await terminal.run("config", "get", "__proto__")).toBe(2);
    expect(await terminal.run("completion", "toString")).toBe(2);
  });
});

describe("progress", () => {
  const progress = { phase: "copy", filesDone: 3, filesTotal: 7, bytesDone: 5e8, bytesTotal: 1e9 } as const;
  const shownOn = async (terminal: Terminal, isQuiet = false): Promise<string> => {
    terminal.err = "";
    await withProgress(terminal.context(), isQuiet, async (onProgress) => onProgress?.(progress));
    return terminal.err;
  };

  it("is one line that fits the terminal, with bytes, files and a bar, wiped at the end, and silent elsewhere", async () => {
    const terminal = new Terminal();
    expect(await shownOn(terminal)).toBe("");
    terminal.columns = 200;
    expect(await shownOn(terminal, true)).toBe("");
    expect(await shownOn(terminal)).toContain("copy █████████░░░░░░░░░░░ 3/7 files, 500 MB/1.00 GB");
    expect(terminal.err).toMatch(/\r\u001b\[K$/);
    terminal.columns = 20;
    for (const line of (await shownOn(terminal)).split(/\r|\u001b\[K/)) expect(line.length).toBeLessThan(20);
  });

  it.each([20, 40, 60, 80, 200])("fits %d columns, with as much of a bar as there is room for", (columns) => {
    const busy = { phase: "copy", filesDone: 12_345, filesTotal: 99_999, bytesDone: 123e9, bytesTotal: 456e9 } as const;
    const line = progressLine(busy, { bytes: 123e6, work: 130e6 }, columns);
    expect(line.length).toBeLessThan(columns);
    expect(line.includes("░░░")).toBe(columns >= 80);
    if (columns >= 80) expect(line).toContain("12,345/99,999 files, 123 GB/456 GB, 123 MB/s, 43 min left");
  });

  it("counts small files one by one, not only when a batch of them is done", async () => {
    const root = temporaryDirectory();
    for (let i = 0; i < 600; i++) writeFileSync(join(root, `${i}.txt`), `${i}`);
    const pkg = await new Package().setDir("", root);
    const now = vi.spyOn(Date, "now");
    let ms = 1;
    now.mockImplementation(() => (ms += 10));
    const counts = new Set<number>();
    await pkg.hashPending({ onProgress: ({ filesDone }) => counts.add(filesDone) });
    now.mockRestore();
    expect(counts.size).toBeGreaterThan(20);
  });

  it("is wiped also when the work fails", async () => {
    const terminal = new Terminal();
    terminal.columns = 80;
    const failing = withProgress(terminal.context(), false, async (onProgress) => {
      onProgress?.(progress);
      throw new Error("x");
    });
    await expect(failing).rejects.toThrow("x");
    expect(terminal.err).toMatch(/\r\u001b\[K$/);
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
    const wide = await table([
      ["データ", "1"],
      ["a", "2"],
    ]);
    expect(wide.shown).toBe("データ  1\na       2\n");
    const painted = await table([
      [{ shown: "\u001b[33mab\u001b[39m" }, "1"],
      ["abc", "2"],
    ]);
    expect(painted.shown).toBe("\u001b[33mab\u001b[39m   1\nabc  2\n");
  });
});
