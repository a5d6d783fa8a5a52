import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { escaped, joined, shown, shownLines } from "#t4/cli/shown.js";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { Terminal } from "./terminal.js";

/** What no terminal must get from a package: each, or a part of it, changes what a reader sees or what the terminal does. */
const HOSTILE = {
  "C0 controls": Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join("") + "\u007f",
  "C1 controls": Array.from({ length: 32 }, (_, i) => String.fromCharCode(0x80 + i)).join(""),
  "clear screen": "\u001b[2J\u001b[H",
  "CSI in one character": "\u009b31m",
  hyperlink: "\u001b]8;;https://example.org\u0007here\u001b]8;;\u0007",
  clipboard: "\u001b]52;c;cm0gLXJmIH4=\u0007",
  title: "\u001b]0;root\u001b\\",
  overprint: "safe\rrm -rf\b\b",
  bidi: "\u202egpj.exe\u202c\u2066x\u2069\u200e\u200f\u061c",
  "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg",
  "line separators": "a\u2028b\u2029c",
  "tag characters": "a\u{e0041}\u{e007f}b",
  "invisible letters": "\u115f\u3164\uffa0",
  "half a character": "a\ud800b",
} as const;

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u3164\uffa0]/u;

/** Text as a terminal gets it, without line ends. */
function expectSafe(text: string, what: string): void {
  for (const line of text.split("\n")) expect(UNSAFE.exec(line), `${what}: ${JSON.stringify(line)}`).toBeNull();
}

describe("escaping", () => {
  it.each(Object.entries(HOSTILE))("leaves nothing of %s", (what, text) => {
    expectSafe(escaped(text), what);
    expect(escaped(text)).not.toContain("\n");
    expect(shown`${text}`.shown).toBe(escaped(text));
  });

  it("is that of JSON, so that nothing is lost", () => {
    for (const text of Object.values(HOSTILE)) {
      const json = `"${escaped(JSON.stringify(text).slice(1, -1))}"`;
      expect(JSON.parse(json)).toBe(text);
    }
  });

  it.each(["Zürich", "データ", "é", "e\u0301", "❤️", "🎉", "a b", "", "€"])("leaves %j as it is", (text) => {
    expect(escaped(text)).toBe(text);
  });

  it("keeps the line ends of text that has lines, and what was escaped already", () => {
    expect(shownLines("a\nb\u001b").shown).toBe("a\nb\\u001b");
    expect(shown`<${joined([shown`${"\u001b"}\n`, shown`b`], ",")}>`.shown).toBe("<\\u001b\n,b>");
  });
});

/** Names that a file system holds and manifests may; U+0000 and the slash are in none. */
const NAMES: readonly string[] = Object.values(HOSTILE).filter((text) => text.isWellFormed() && !text.includes("/"));

describe("no command sends to a terminal what is in", () => {
  let terminal: Terminal;
  let registry: string;
  let root: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    terminal = new Terminal();
    terminal.isOutTerminal = true;
  });

  const run = async (...argv: string[]): Promise<void> => {
    await terminal.run(...argv);
    expectSafe(terminal.out, `out of ${argv.join(" ")}`);
    expectSafe(terminal.err.replaceAll("\r\u001b[2K", ""), `err of ${argv.join(" ")}`);
  };

  it.each(Object.entries(HOSTILE).filter(([, text]) => text.isWellFormed()))(
    "keys, content, messages, metadata and tags: %s",
    async (_, text) => {
      const name = NAMES.includes(text) ? text : "plain";
      const pkg = await new Package().setText("plain.txt", text);
      pkg.setMeta({ [text]: text });
      await pkg.push("a/b", registry, { message: text });
      await pkg.setText("plain.txt", `${text}!`, { meta: { [text]: text } });
      await pkg.push("a/b", registry, { message: text });
      mkdirSync(join(root, "data"));
      writeFileSync(join(root, "data", `${name.replaceAll("\u0000", "")}.txt`), text);
      for (const argv of [
        ["push", "a/b", join(root, "data"), registry, "-m", text, "--verbose"],
        ["log", "a/b", "--registry", registry],
        ["show", "a/b@latest~1", "--registry", registry],
        ["show", "a/b@latest~1/plain.txt", "--registry", registry],
        ["show", "a/b", "--registry", registry, "--json"],
        ["ls", "a/b", "--registry", registry],
        ["ls", "a/b", "--registry", registry, "--json"],
        ["diff", "a/b@latest~2", "a/b@latest~1", "--registry", registry],
        ["diff", "a/b@latest~1", "a/b", "--registry", registry, "--json"],
        ["install", "a/b", "--registry", registry, "--dest", join(root, `copy ${name}`)],
        ["status", join(root, `copy ${name}`)],
        ["verify", join(root, "data"), "a/b@latest~1", "--registry", registry],
        ["fsck", registry],
        ["undo", "a/b", "--registry", registry],
        ["undo", "a/b", "--registry", registry, "--yes"],
      ]) {
        await run(...argv);
      }
      for (const argv of [
        ["cat", "a/b/plain.txt"],
        ["diff", "a/b@latest~1", "a/b", "--text"],
        ["diff", "a/b", "a/b@latest~1", "./plain.txt"],
      ]) {
        expect(await terminal.run(...argv, "--registry", registry)).toBe(0);
        expectSafe(terminal.out.replaceAll("\t", ""), `out of ${argv.join(" ")}`);
        expect(terminal.out).not.toBe("");
      }
      expect(await terminal.run("ls", "a/b", "--registry", registry)).toBe(0);
    },
  );

  it.each(Object.entries(HOSTILE))("arguments, and so in errors: %s", async (_, text) => {
    await new Package().push("a/b", registry);
    for (const argv of [
      [text],
      ["help", text],
      ["show", text],
      ["show", `a/b@${text}`, "--registry", registry],
      ["show", `a/b:${text}`, "--registry", registry, "--json"],
      ["cat", `a/b/${text}`, "--registry", registry],
      ["ls", `a/b/${text}`, "--registry", registry],
      ["log", "a/b", `--${text}`],
      ["log", "a/b", "--limit", text],
      ["list", `./${text}`],
      ["push", text, text, text],
      ["push", "a/b", `./${text}`],
      ["install", "a/b", "--registry", registry, "--path", text],
      ["tag", "a/b", text, "--registry", registry],
      ["rollback", `a/b@${text}`, "--registry", registry],
      ["rm", `a/${text}`, "--registry", registry],
      ["config", "get", text],
      ["config", text],
      ["completion", text],
      ["workflow", text],
    ]) {
      await run(...argv);
      expect(terminal.out).toBe("");
    }
  });

  it("names of tags and packages that other clients made", async () => {
    await new Package().push("a/b", registry);
    const pointers = join(registry, ".quilt/named_packages/a/b");
    const latest = readFileSync(join(pointers, "latest"));
    for (const text of NAMES) writeFileSync(join(pointers, text.replaceAll("\u0000", "")), latest);
    await run("log", "a/b", "--registry", registry);
    expect(terminal.out).toContain("\\u001b");
    await run("rm", "a/b", "--registry", registry, "--dry-run");
    await run("fsck", registry);
    await run("log", "a/b", "--registry", registry, "--json");
  });

  it("a file that is no text: it is not printed, and a pipe gets it byte for byte", async () => {
    const bytes = Uint8Array.of(0, 27, 91, 255);
    await (await new Package().setBytes("x.bin", bytes)).push("a/b", registry);
    expect(await terminal.run("cat", "a/b/x.bin", "--registry", registry)).toBe(2);
    expect(terminal.out).toBe("");
    expect(terminal.err).toContain("> file");
    terminal.isOutTerminal = false;
    const got: Uint8Array[] = [];
    const context = { ...terminal.context(), outBytes: async (chunk: Uint8Array) => void got.push(chunk) };
    const { main } = await import("#t4/cli/main.js");
    expect(await main(["cat", "a/b/x.bin", "--registry", registry], context)).toBe(0);
    expect(Buffer.concat(got)).toEqual(Buffer.from(bytes));
  });
});
