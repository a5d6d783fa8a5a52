import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../temporary.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(PACKAGE, "dist");
const BIN = join(DIST, "bin.cjs");
const KIB = 1 << 10;

/** Files that a chunk loads as soon as it is loaded, itself included. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(join(DIST, file), "utf8");
  for (const [, next = ""] of code.matchAll(/(?:import|from)"\.\/(.*?)"/g)) loadedWith(next, seen);
  return seen;
}

function bytesOf(files: Iterable<string>): number {
  return Array.from(files, (file) => statSync(join(DIST, file)).size).reduce((sum, size) => sum + size, 0);
}

const chunkOf = (command: string): string => {
  const found = readdirSync(DIST).find((name) => new RegExp(`^${command}-[A-Z0-9]{8}\\.js$`).test(name));
  if (found === undefined) throw new Error(`No chunk of ${command} in ${DIST}.`);
  return found;
};

/** Runs Node below a shell: a child's peak begins with that of the process which started it, and a shell's is small. */
function run(args: readonly string[], home: string): { readonly peakMiB: number; readonly builtins: number } {
  const tell = `process.on("exit", () => require("fs").writeSync(2, JSON.stringify([process.resourceUsage().maxRSS, process.moduleLoadList.length])))`;
  // Required, as an imported one leads the command's start through Node's loader of modules, which it does without.
  const hook = join(home, "tell.cjs");
  writeFileSync(hook, tell);
  const command = ["-c", '"$@" 2>&1 >/dev/null; exit $?', "sh", process.execPath, "--require", hook, ...args];
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, NODE_EXTRA_CA_CERTS: "" };
  const out = execFileSync("sh", command, { encoding: "utf8", env });
  // The command's own messages go there, too.
  const [peakKiB, builtins] = JSON.parse(out.slice(out.lastIndexOf("["))) as [number, number];
  return { peakMiB: peakKiB / KIB, builtins };
}

describe("what a start loads", () => {
  it("is one file of 8 KiB for the version and the overview", () => {
    expect(bytesOf(["bin.cjs"])).toBeLessThan(8 * KIB);
    expect(readFileSync(BIN, "utf8")).not.toMatch(/require\("[^n]/);
  });

  it("is few of Node's own modules beyond those of an empty module", () => {
    const home = temporaryDirectory();
    const bare = run(["--input-type=module", "-e", "0"], home).builtins;
    for (const option of ["--version", "--help"]) expect(run([BIN, option], home).builtins - bare).toBeLessThan(40);
  });

  it("is no dependency for ls, apart from what is taken into the bundle", () => {
    const outside = [...loadedWith(chunkOf("ls"))].flatMap((file) =>
      [...readFileSync(join(DIST, file), "utf8").matchAll(/(?:import|from)"([^."].*?)"/g)].map(([, name]) => name),
    );
    expect(outside.filter((name) => !name?.startsWith("node:"))).toEqual([]);
  });
});

describe("bytes of code", () => {
  it("of the whole command are bounded", () => {
    expect(bytesOf(readdirSync(DIST))).toBeLessThan(1120 * KIB);
  });

  it("of each command's own chunk are few", () => {
    const commands = readdirSync(join(PACKAGE, "src/cli/commands")).map((name) => name.replace(/\.ts$/, ""));
    const large = commands.filter((command) => bytesOf([chunkOf(command)]) > 9 * KIB);
    expect(commands.length).toBeGreaterThan(15);
    expect(large).toEqual([]);
  });

  it("that any command loads at its start are bounded", () => {
    for (const command of ["ls", "push", "install", "verify"]) {
      expect(bytesOf(loadedWith(chunkOf(command)))).toBeLessThan(384 * KIB);
    }
  });

  it("of the published tarball are bounded, and it holds neither sources nor tests", () => {
    const text = execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: PACKAGE, encoding: "utf8" });
    const [{ size, files }] = JSON.parse(text) as [{ size: number; files: { path: string }[] }];
    const zipped = (isWeb: boolean): number =>
      files
        .filter(({ path }) => path.startsWith("dist/catalog/web/") === isWeb)
        .reduce((sum, { path }) => sum + gzipSync(readFileSync(join(PACKAGE, path))).length, 0);
    // Decision 401: the catalog's pages draw charts and PDF; all else is small, with what is named there.
    expect(zipped(false)).toBeLessThan(464 * KIB);
    expect(zipped(true)).toBeLessThan(960 * KIB);
    expect(size).toBeLessThan(1320 * KIB);
    const strange = files.filter(({ path }) => !/^(package\.json|README\.md|LICENSE|dist\/)/.test(path));
    expect(strange.map(({ path }) => path)).toEqual([]);
  });
});

describe("peak memory beyond bare Node", () => {
  const home = temporaryDirectory();
  // An earlier test removed it; without it there is no registry to list.
  beforeEach(() => void mkdirSync(home, { recursive: true }));
  // Side by side: how much of Node the system keeps in memory changes with what else runs. While the bound does not hold,
  // more rounds look for a quiet moment; a start that needs too much does so in all of them.
  const beyondBare = (args: readonly string[], bound: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3 || (round < 20 && least >= bound); round++)
      least = Math.min(least, run([BIN, ...args], home).peakMiB - run(["-e", "0"], home).peakMiB);
    return least;
  };

  it.each([
    [["--version"], 6],
    [["--help"], 6],
    [["list", home], 24],
  ])("of %j is at most %d MiB", (args, mebibytes) => {
    expect(beyondBare(args, mebibytes)).toBeLessThan(mebibytes);
  });
});
