import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { SNIPPETS, type SnippetTarget } from "../../web/components/snippets.js";
import { push, temporaryHome } from "../fixture.js";

const PACKAGE = new URL("../../../t4", import.meta.url).pathname;
const home = temporaryHome();
// A registry and a file whose names each language would misread if they were not quoted.
const registry = join(home, 'it\'s a $HOME "registry"');
const path = 'd/it\'s `a` $b "c" ü.txt';
let target: SnippetTarget;

beforeAll(async () => {
  const topHash = await push({ registry, name: "alice/a" }, { [path]: "hello", "other.txt": "other" });
  target = { location: registry, url: pathToFileURL(registry).href, name: "alice/a", topHash };
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "work/node_modules"), { recursive: true });
  symlinkSync(PACKAGE, join(home, "work/node_modules/t4"));
  writeFileSync(join(home, "bin/t4"), `#!/bin/sh\nexec "${process.execPath}" "${PACKAGE}/dist/bin.cjs" "$@"\n`, {
    mode: 0o755,
  });
});

const code = (id: string, about: SnippetTarget): string => SNIPPETS.find((one) => one.id === id)?.code(about) ?? "";
const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, {
    cwd: join(home, "work"),
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(home, "bin")}:${process.env["PATH"]}` },
    stdio: ["ignore", "pipe", "pipe"],
  });

describe("snippets", () => {
  it("of the command install the revision, and one file of it", () => {
    run("bash", ["-eu", "-c", code("cli", target)]);
    expect(readdirSync(join(home, "work/a")).sort()).toEqual([".t4", "d", "other.txt"]);
    run("bash", ["-eu", "-c", code("cli", { ...target, path })]);
    const installed = path.split("/").pop() ?? "";
    expect(existsSync(join(home, "work", installed)) ? readFileSync(join(home, "work", installed), "utf8") : "").toBe(
      "hello",
    );
  });

  it("of TypeScript open the revision, and read one file of it", () => {
    writeFileSync(join(home, "work/all.mjs"), code("typescript", target));
    expect(run(process.execPath, ["all.mjs"])).toContain("other.txt 5");
    const one = `${code("typescript", { ...target, path })}\nconsole.log(new TextDecoder().decode(bytes));`;
    writeFileSync(join(home, "work/one.mjs"), one);
    expect(run(process.execPath, ["one.mjs"])).toBe("hello\n");
  });

  it("of Python are Quilt 3's calls", () => {
    const about = { location: "/r", url: "file:///r", name: "a/b", topHash: "0".repeat(64) };
    const opened = `import quilt3\n\npkg = quilt3.Package.browse(\n    "a/b",\n    registry="file:///r",\n    top_hash="${about.topHash}",\n)`;
    expect(code("python", about)).toBe(opened);
    expect(code("python", { ...about, path: 'x/"y".txt' })).toBe(`${opened}\ndata = pkg["x/\\"y\\".txt"].get_bytes()`);
  });
});
