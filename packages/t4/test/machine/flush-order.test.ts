import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type Call, trace, WRITING } from "./strace.js";

const NAME = "u/p";
/** Files younger than this are read again: their times may not show the next change. */
const RACY_MS = 2600;

describe("a push", () => {
  let root: string;
  let registry: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "data/a.txt"), "a");
    await (await new Package().setText("base.txt", "base")).push(NAME, registry, { message: "base" });
  });

  /** What one push names in the registry, in order, after having checked that it flushes first. */
  function readPush(calls: readonly Call[], topHash: string): { readonly named: string[]; readonly atOnce: number } {
    const unflushed = new Set<string>();
    const unflushedNames = new Map<string, string>();
    const named: string[] = [];
    let isAcknowledged = false;
    let atOnce = 0;
    for (const { name: call, text } of calls) {
      const path = /^\d+<(.*?)>/.exec(text)?.[1] ?? "";
      if ((call === "write" || call === "pwrite64") && path.startsWith(registry)) unflushed.add(path);
      if (call === "write" && text.includes(topHash) && text.startsWith("1<")) {
        isAcknowledged = true;
        expect([...unflushedNames.keys()]).toEqual([]);
      }
      if (call === "syncfs" && text.endsWith(" = 0")) {
        atOnce = Math.max(atOnce, unflushed.size);
        unflushed.clear();
      }
      if (call === "fsync" || call === "fdatasync") {
        unflushed.delete(path);
        for (const [name, directory] of unflushedNames) if (directory === path) unflushedNames.delete(name);
      }
      const [from = "", to = ""] = /^"(.*?)", "(.*?)"/.exec(text)?.slice(1) ?? [];
      const isName = (call === "rename" || call === "link") && text.endsWith(" = 0");
      if (isName && /\/(?:packages|objects|named_packages)\//.test(to)) {
        expect(unflushed.has(from), `${to} was named before it was flushed`).toBe(false);
        unflushedNames.set(to, dirname(to));
        named.push(to.slice(registry.length));
      }
    }
    expect(isAcknowledged).toBe(true);
    return { named, atOnce };
  }

  it.each([
    ["by itself", 1],
    ["with all others at once", 40],
  ])("flushes every file %s before it gets its name, and every name before it is acknowledged", async (_, count) => {
    for (let i = 1; i < count; i++) writeFileSync(join(root, `data/${i}.txt`), `${i}`);
    const push = await trace(["push", NAME, join(root, "data"), registry, "-m", "mine", "-q"], {
      log: join(root, "log"),
      env: { ...process.env, UV_THREADPOOL_SIZE: "1" },
      trace: WRITING,
    });
    expect(push).toMatchObject({ status: 0 });
    const { named, atOnce } = readPush(push.calls, push.stdout.trim());
    const objects = Array.from({ length: count }, () => "t4");
    expect(named.map((path) => path.split("/")[2])).toEqual([
      ...objects,
      "packages",
      "named_packages",
      "named_packages",
    ]);
    expect(atOnce).toBe(count === 1 ? 0 : count);
    expect(readdirSync(join(registry, ".quilt/t4/tmp"))).toEqual([]);
  });

  it("flushes the names of objects, files and a manifest that it found, too: another push may be just about to", async () => {
    const env = { ...process.env, XDG_DATA_HOME: join(root, "home"), XDG_CACHE_HOME: join(root, "cache") };
    // Old enough for its hash to be known without reading it.
    utimesSync(join(root, "data/a.txt"), new Date(0), new Date(0));
    await setTimeout(RACY_MS);
    const push = (name: string, ...more: string[]) =>
      trace(["push", name, join(root, "data"), registry, "-q", ...more], {
        log: join(root, "log"),
        env,
        trace: [...WRITING, "openat"],
      });
    for (const [first, second, ...more] of [
      ["u/first", "u/second"],
      ["u/third", "u/fourth", "--dest", "files"],
    ] as const) {
      await push(first, ...more);
      const { calls, status, stdout } = await push(second, ...more);
      expect(status).toBe(0);
      const acknowledged = calls.findIndex(({ text }) => text.startsWith("1<") && text.includes(stdout.trim()));
      const flushed = calls.slice(0, acknowledged).flatMap(({ name, text }) => {
        const [, path = ""] = /^\d+<(.*?)>/.exec(text) ?? [];
        return name === "fsync" && path.startsWith(registry) ? [path.slice(registry.length + 1)] : [];
      });
      expect(flushed).toContain(".quilt/packages");
      if (more.length === 0) expect(flushed.filter((path) => /objects\/[0-9a-f]{2}$/.test(path))).toHaveLength(1);
      else expect(flushed).toContain("files");
    }
  });
});
