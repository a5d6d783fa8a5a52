import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
/** One thread for file system calls makes the n-th call the same one in every run. */
const ENV = { ...process.env, UV_THREADPOOL_SIZE: "1" };
const NAME = "u/p";

interface Run {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
}

describe("t4 push as a process that dies", () => {
  let root: string;
  let registry: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "before");
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "data/a.txt"), "a");
    await (await new Package().setText("base.txt", "base")).push(NAME, registry, { message: "base" });
  });

  /** Pushes into a copy of the registry; physical keys stay those of the first one, which stays as it is. */
  function push(into: string, ...inject: readonly string[]): Run {
    cpSync(registry, into, { recursive: true });
    const args = ["-f", "-q", "-o", "/dev/null", ...inject.flatMap((rule) => ["-e", rule])];
    const command = [...args, process.execPath, BIN, "push", NAME, join(root, "data"), into, "-m", "mine", "-q"];
    const { status, signal, stdout } = spawnSync("strace", command, { env: ENV, encoding: "utf8" });
    return { status, signal, stdout: stdout.trim() };
  }

  async function history(at: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { topHash } of (await openRegistry(at)).log(NAME)) found.push(topHash);
    return found;
  }

  it.each(["link", "rename", "unlink", "fsync", "mkdir", "pwrite64", "write"])(
    "at any call of %s leaves the registry as it was or with the revision, and the next push works",
    async (syscall) => {
      const base = await (await openRegistry(registry)).resolve(NAME);
      let points = 0;
      for (let n = 1; ; n++) {
        const at = join(root, `${syscall}${n}`);
        const { status, stdout } = push(at, `trace=${syscall}`, `inject=${syscall}:signal=KILL:when=${n}`);
        if (status === 0) {
          expect(stdout).toMatch(/^[0-9a-f]{64}$/);
          break;
        }
        points++;
        const latest = await (await openRegistry(at)).resolve(NAME);
        const revisions = await history(at);
        expect(revisions, `killed at ${syscall} ${n}`).toEqual(latest === base ? [base] : [latest, base]);
        const next = await (await new Package().setText("n", "n")).push(NAME, at, { message: "next" });
        expect(await history(at)).toEqual([next, ...revisions]);
        // Node writes to its own pipes at the start: those calls come before anything of ours.
        if (points > 60) break;
      }
    },
    300_000,
  );

  it.each([
    ["by itself", 1],
    ["with all others at once", 40],
  ])("flushes every file %s before it gets its name, and every name before it is acknowledged", (_, count) => {
    for (let i = 1; i < count; i++) writeFileSync(join(root, `data/${i}.txt`), `${i}`);
    const log = join(root, "log");
    const traced = "trace=openat,write,pwrite64,fsync,fdatasync,syncfs,rename,link";
    const command = [process.execPath, BIN, "push", NAME, join(root, "data"), registry, "-m", "mine", "-q"];
    const topHash = execFileSync("strace", ["-f", "-y", "-s", "80", "-o", log, "-e", traced, ...command], {
      env: ENV,
      encoding: "utf8",
    }).trim();
    const unflushed = new Set<string>();
    const unflushedNames = new Map<string, string>();
    const named: string[] = [];
    let isAcknowledged = false;
    let flushedAtOnce = 0;
    for (const line of readFileSync(log, "utf8").split("\n")) {
      const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
      const path = /^\d+<(.*?)>/.exec(rest)?.[1] ?? "";
      if ((call === "write" || call === "pwrite64") && path.startsWith(registry)) unflushed.add(path);
      if (call === "write" && rest.includes(topHash) && rest.startsWith("1<")) {
        isAcknowledged = true;
        expect([...unflushedNames.keys()]).toEqual([]);
      }
      if (call === "syncfs" && line.endsWith(" = 0")) {
        flushedAtOnce = Math.max(flushedAtOnce, unflushed.size);
        unflushed.clear();
      }
      if (call === "fsync" || call === "fdatasync") {
        unflushed.delete(path);
        for (const [name, directory] of unflushedNames) if (directory === path) unflushedNames.delete(name);
      }
      const [from = "", to = ""] = /^"(.*?)", "(.*?)"/.exec(rest)?.slice(1) ?? [];
      if (
        (call === "rename" || call === "link") &&
        line.endsWith(" = 0") &&
        /\/(?:packages|objects|named_packages)\//.test(to)
      ) {
        expect(unflushed.has(from), `${to} was named before it was flushed`).toBe(false);
        unflushedNames.set(to, dirname(to));
        named.push(to.slice(registry.length));
      }
    }
    expect(isAcknowledged).toBe(true);
    const objects = Array.from({ length: count }, () => "t4");
    expect(named.map((path) => path.split("/")[2])).toEqual([
      ...objects,
      "packages",
      "named_packages",
      "named_packages",
    ]);
    expect(flushedAtOnce).toBe(count === 1 ? 0 : count);
    expect(readdirSync(join(registry, ".quilt/t4/tmp"))).toEqual([]);
  });
});
