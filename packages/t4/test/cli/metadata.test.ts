import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";
import { Terminal } from "./terminal.js";

describe("metadata at the terminal", () => {
  let scratch: Scratch;
  let terminal: Terminal;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("data/2024/jan.csv", "a,b\n");
    scratch.write("data/readme.md", "notes\n");
    terminal = new Terminal();
  });

  const run = async (...argv: string[]): Promise<string> => {
    expect(await terminal.run(...argv), terminal.err).toBe(0);
    return terminal.out;
  };
  const push = (...argv: string[]): Promise<string> =>
    run("push", "alice/a", scratch.path("data"), scratch.path("registry"), ...argv);
  const show = (reference: string, ...argv: string[]): Promise<string> =>
    run("show", reference, "--registry", scratch.path("registry"), ...argv);

  it("loses nothing between --meta and show", async () => {
    const meta = '{"z": 1.0, "10": 12345678901234567890, "2": 1e-07, "text": "Zürich"}';
    scratch.write("meta.json", `${meta}\n`);
    for (const given of [meta, `@${scratch.path("meta.json")}`]) {
      await push("--meta", given, "-m", given);
      expect(await show("alice/a")).toContain(`metadata  ${meta}\n`);
      expect(await show("alice/a", "--json")).toContain(`"meta":${meta}}`);
      expect(JSON.parse(terminal.out)).toMatchObject({ files: 2, bytes: 10, meta: { z: 1 } });
    }
  });

  it.skipIf(process.platform === "win32")("is not read from what never ends", async () => {
    const path = scratch.path("data");
    expect(await terminal.run("push", "alice/a", path, scratch.path("registry"), "--meta", "@/dev/zero")).toBe(2);
    expect(terminal.err).toContain("/dev/zero has more than 16777216 bytes");
  });

  it("stays when a push says nothing of it, and is said to have changed otherwise", async () => {
    await push("--meta", '{"a": 1}');
    await push();
    expect(await show("alice/a")).toContain('{"a": 1}');
    await push("--meta", '{"a": 2}');
    expect(terminal.err).toContain("0 added, 0 changed, 0 removed, metadata changed");
    await run("diff", "alice/a@latest~1", "alice/a", "--registry", scratch.path("registry"));
    expect(terminal.out).toBe("~ metadata of the package\n");
  });

  it("is taken by build, too", () => {
    scratch.ok(["build", "alice/a", "data", "--meta", '{"scale": 1.0}']);
    expect(scratch.ok(["show", "alice/a", "--registry", "local"])).toContain('{"scale": 1.0}');
  });

  it.each(["[1]", "7", "{", "{'a': 1}", '{"a": NaN}', "@missing.json"])("refuses %s", async (meta) => {
    const code = await terminal.run("push", "alice/a", scratch.path("data"), scratch.path("registry"), "--meta", meta);
    expect(code).toBe(meta.startsWith("@") ? 4 : 2);
    expect(await terminal.run("list", scratch.path("registry"))).toBe(4);
  });

  it("of a file and a directory is shown with what else is known of them", async () => {
    const { Package } = await import("#t4/index.js");
    const pkg = await new Package().setDir("", scratch.path("data"));
    pkg.setMetaJson('{"station": 7.0}', "2024").entry("2024/jan.csv").setMeta({ checked: true });
    await pkg.push("alice/a", scratch.path("registry"));
    const file = await show("alice/a/2024/jan.csv");
    expect(file).toMatch(/^file {6}2024\/jan\.csv\nsize {6}4 B\nhash {6}\S+ \(sha2-256-chunked\)\nstored {4}\//);
    expect(file).toContain('metadata  {"checked": true}\n');
    expect(JSON.parse(await show("alice/a/2024/jan.csv", "--json"))).toMatchObject({
      size: 4,
      meta: { checked: true },
    });
    expect(await show("alice/a/2024")).toBe('directory  2024/\ncontent    1 file, 4 B\nmetadata   {"station": 7.0}\n');
    expect(JSON.parse(await show("alice/a/2024/", "--json"))).toMatchObject({ path: "2024", files: 1, bytes: 4 });
  });
});

describe("diff", () => {
  it("shows sizes, counts and metadata, of revisions and of a directory", async () => {
    const { Package } = await import("#t4/index.js");
    const scratch = new Scratch();
    const registry = scratch.path("registry");
    scratch.write("data/same.txt", "same");
    scratch.write("data/changed.txt", "one");
    scratch.write("data/gone.txt", "gone");
    await scratch.publish("data", "registry", "First");
    await Package.install("alice/weather", { registry, dest: scratch.path("copy") });
    scratch.write("copy/changed.txt", "longer");
    scratch.write("copy/new.txt", "x".repeat(1500));
    scratch.shell("rm copy/gone.txt");
    const lines = "+ new.txt      1.50 kB\n~ changed.txt  3 B -> 6 B\n- gone.txt     4 B\n";
    expect(scratch.t4(["diff"], "copy")).toEqual({ code: 0, out: lines, err: "1 added, 1 changed, 1 removed.\n" });
    expect(scratch.ok(["status"], "copy")).toContain(lines);

    scratch.ok(["push", "-m", "Second"], "copy");
    const pkg = await Package.browse("alice/weather", { registry });
    pkg.setMeta({ a: 1 }).setMeta({ b: 2 }, "dir").entry("same.txt").setMeta({ c: 3 });
    await pkg.push("alice/weather", registry);
    const diff = ["diff", "alice/weather@latest~1", "alice/weather", "--registry", registry];
    expect(scratch.t4(diff)).toEqual({
      code: 0,
      out: "~ same.txt  4 B, metadata only\n~ metadata of the package\n~ metadata of dir/\n",
      err: "0 added, 1 changed, 0 removed, metadata changed.\n",
    });
    expect(JSON.parse(scratch.ok([...diff, "--json"]))).toMatchObject({
      added: [],
      modified: [{ logicalKey: "same.txt", before: { size: 4, meta: {} }, after: { size: 4, meta: { c: 3 } } }],
      deleted: [],
      metadata: [
        { path: "", before: {}, after: { a: 1 } },
        { path: "dir", before: {}, after: { b: 2 } },
      ],
    });
    expect(scratch.t4(["diff", "alice/weather", "alice/weather", "--registry", registry]).err).toBe(
      "Nothing differs.\n",
    );
  });
});
