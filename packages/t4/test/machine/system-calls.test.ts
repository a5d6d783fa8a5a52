import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
/**
 * Below the number from which on threads are started, so that the calls of one can be counted; above that from which on
 * objects lie in every directory that there is for them.
 */
const [FEW, MANY] = [900, 1900];
/** Files younger than this are read again: their times may not show the next change. */
const RACY_MS = 2600;
const CALLS = [
  "openat",
  "statx",
  "read",
  "pread64",
  "write",
  "close",
  "rename",
  "link",
  "unlink",
  "fsync",
  "utimensat",
];

interface Work {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
}

function prepare(root: string, count: number): Work {
  for (let i = 0; i < count; i++) {
    const path = join(root, "data", `d${Math.floor(i / 100)}`, `${i}.csv`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${i},`.repeat(500));
  }
  const environment = { ...process.env, XDG_DATA_HOME: join(root, "home"), XDG_CACHE_HOME: join(root, "cache") };
  return { root, environment };
}

/** Calls of each kind, and bytes read below the data, of one command. */
function trace({ root, environment }: Work, args: readonly string[]): ReadonlyMap<string, number> {
  const log = join(root, "log");
  const command = ["-f", "-y", "-o", log, "-e", `trace=${CALLS.join(",")}`, process.execPath, BIN, ...args];
  const { status, stderr } = spawnSync("strace", command, { cwd: root, env: environment, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const counts = new Map(CALLS.map((call) => [call, 0]));
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    counts.set(call, (counts.get(call) ?? 0) + 1);
    if (call !== "read" && call !== "pread64") continue;
    const isData = /^\d+<[^>]*\/data\/d/.test(rest);
    if (isData) counts.set("dataBytes", (counts.get("dataBytes") ?? 0) + Number(/= (\d+)$/.exec(rest)?.[1] ?? 0));
  }
  return counts;
}

describe("the calls to the system that one file costs", () => {
  const made: string[] = [];
  const temporaryRoot = (): string => {
    const root = mkdtempSync(join(tmpdir(), "t4-test-"));
    made.push(root);
    return root;
  };
  const runs = new Map<string, (name: string) => number>();

  beforeAll(async () => {
    const [few, many] = [prepare(temporaryRoot(), FEW), prepare(temporaryRoot(), MANY)];
    await setTimeout(RACY_MS);
    const compare = (step: string, args: readonly string[]): void => {
      const [less, more] = [trace(few, args), trace(many, args)];
      runs.set(step, (name) => ((more.get(name) ?? 0) - (less.get(name) ?? 0)) / (MANY - FEW));
    };
    compare("build", ["build", "u/p", "data", "-q"]);
    compare("rebuild", ["build", "u/p", "data", "-q"]);
    compare("push", ["push", "u/p", "data", "registry", "-q"]);
    compare("re-push", ["push", "u/p", "data", "registry", "-q"]);
    compare("install", ["install", "u/p", "--registry", "registry", "--dest", "copy", "-q"]);
    compare("verify", ["verify", "copy", "-q"]);
  });

  afterAll(() => {
    for (const root of made) rmSync(root, { recursive: true, force: true });
  });

  const all = (step: string): number => CALLS.reduce((sum, call) => sum + (runs.get(step)?.(call) ?? Number.NaN), 0);

  // One more for what is written and read by the megabyte, and for the wake-ups of threads.
  it.each([
    ["build", 8],
    ["rebuild", 3],
    ["push", 13],
    // One of them looks whether the object is there: a push must not rely on bytes that are gone.
    ["re-push", 4],
    // One more than a rename would cost: a name that was free is linked, so that no file of another is replaced.
    ["install", 12],
    // Looked at, opened, read, looked at again, closed.
    ["verify", 7],
  ])("are few in a %s: at most %d", (step, most) => {
    expect(all(step)).toBeLessThan(most);
  });

  it.each(["rebuild", "re-push"])("open and read no file in a %s", (step) => {
    expect(runs.get(step)?.("dataBytes")).toBe(0);
    expect(runs.get(step)?.("openat")).toBeLessThan(0.1);
  });

  it.each(["build", "push", "install", "verify"])("read and write every byte at most once in a %s", (step) => {
    expect(runs.get(step)?.("read")).toBeLessThan(1.3);
    expect(runs.get(step)?.("write")).toBeLessThan(step === "build" || step === "verify" ? 0.3 : 1.3);
  });

  it.each(["push", "install"])("flush no file by itself in a %s of many", (step) => {
    expect(runs.get(step)?.("fsync")).toBeLessThan(0.1);
  });
});
