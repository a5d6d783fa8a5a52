import { createHash } from "node:crypto";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "#t4/format/package-name.js";
import { parseTopHash } from "#t4/format/top-hash.js";
import { packageRegistry } from "#t4/registry/registry.js";
import { fileStore } from "#t4/store/file/file-store.js";
import type { FileSystem } from "#t4/store/file/file-system.js";
import { openRecord, sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";
import { wrapped } from "./wrapped-file-system.js";

const NAME = parsePackageName("alice/data");
const hash = (text: string) => parseTopHash(createHash("sha256").update(text).digest("hex"));

function open(root: string, fs?: FileSystem) {
  const options = { stateKey: ".quilt/t4", url: `file://${root}`, ...(fs === undefined ? {} : { fs }) };
  return packageRegistry(fileStore(root, options));
}

type Registry = ReturnType<typeof open>;

async function history(registry: Registry): Promise<string[]> {
  const found: string[] = [];
  for await (const { topHash } of registry.revisions(NAME)) found.push(topHash);
  return found.reverse();
}

describe("publishing in a folder", () => {
  it("lists each of many revisions of one second once, in order", async () => {
    const registry = open(temporaryDirectory());
    const all = Array.from({ length: 12 }, (_, i) => hash(String(i)));
    for (const [i, topHash] of all.entries()) await registry.commit({ name: NAME, topHash }, { parent: all[i - 1] });
    expect(await history(registry)).toEqual(all);
    expect(await registry.latest(NAME)).toBe(all.at(-1));
  });

  it("puts nothing beside the pointers that Quilt lists, and no newline into them", async () => {
    const root = temporaryDirectory();
    const registry = open(root);
    await registry.commit({ name: NAME, topHash: hash("1") }, { parent: undefined });
    await registry.commit({ name: NAME, topHash: hash("2") }, { parent: hash("1") });
    const folder = join(root, ".quilt/named_packages/alice/data");
    expect(readdirSync(folder).filter((file) => !/^[0-9]{10}$/.test(file))).toEqual(["latest"]);
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file))).toHaveLength(64);
  });

  it("refuses a push whose base has moved, unless forced, and loses neither revision", async () => {
    const registry = open(temporaryDirectory());
    await registry.commit({ name: NAME, topHash: hash("1") }, { parent: undefined });
    await registry.commit({ name: NAME, topHash: hash("2") }, { parent: hash("1") });
    const late = registry.commit({ name: NAME, topHash: hash("3") }, { parent: hash("1") });
    await expect(late).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      facts: { latest: hash("2"), parent: hash("1") },
    });
    await registry.commit({ name: NAME, topHash: hash("3") }, { parent: hash("1"), force: true });
    expect(await history(registry)).toEqual([hash("1"), hash("2"), hash("3")]);
  });

  it("shuts a writer out that was stopped for too long, so that it cannot publish later", async () => {
    const root = temporaryDirectory();
    let release: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isStopped: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      isStopped = resolve;
    });
    const fs = wrapped(async (name, args) => {
      if (name !== "rename" || !String(args[1]).endsWith("latest")) return;
      isStopped();
      await stopped;
    });
    const sleeper = open(root, fs).commit({ name: NAME, topHash: hash("late") }, { parent: undefined });
    await reached;
    endOpenTurns(root);
    const registry = open(root);
    await registry.commit({ name: NAME, topHash: hash("first") }, { parent: undefined });
    release();
    await expect(sleeper).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect(await history(registry)).toEqual([hash("first")]);
  });

  it("has every file on the disk before it gets its name, and every name before it acknowledges", async () => {
    const root = temporaryDirectory();
    const calls: [string, string][] = [];
    const fs = wrapped(
      async (name, args) => void calls.push([name, String(args.at(name === "rename" || name === "link" ? 1 : 0))]),
    );
    await open(root, fs).commit({ name: NAME, topHash: hash("1") }, { parent: undefined });
    const named = calls
      .map(([name, path], i) => ({ name, path, i }))
      .filter(({ name, path }) => (name === "rename" || name === "link") && path.includes(".quilt/named_packages/"));
    expect(named).toHaveLength(2);
    for (const { path, i } of named) {
      const folder = path.slice(0, path.lastIndexOf("/"));
      expect(calls.slice(i + 1).some(([name, target]) => name === "syncDirectory" && target === folder)).toBe(true);
    }
  });

  it("mends a `latest` that an old client tore, with fsck", async () => {
    const root = temporaryDirectory();
    const registry = open(root);
    const { topHash } = await registry.writeManifest({
      header: new Map([
        ["version", "v0"],
        ["message", null],
      ]),
      directories: new Map(),
      entries: [],
    });
    await registry.commit({ name: NAME, topHash }, { parent: undefined });
    writeFileSync(join(root, ".quilt/named_packages/alice/data/latest"), "");
    await expect(registry.latest(NAME)).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    // As Quilt leaves it for a moment, and a Quilt that died for ever.
    expect(await registry.fsck({ repair: true })).toMatchObject([{ code: "E_LATEST_TORN", isRepaired: false }]);
    const aMinuteAgo = new Date(Date.now() - 61_000);
    utimesSync(join(root, ".quilt/named_packages/alice/data/latest"), aMinuteAgo, aMinuteAgo);
    const findings = await registry.fsck({ repair: true });
    expect(findings.map(({ code, isRepaired }) => [code, isRepaired])).toEqual([["E_LATEST_TORN", true]]);
    expect(await registry.latest(NAME)).toBe(topHash);
    expect(await registry.fsck()).toEqual([]);
  });

  it("takes operations back, and again", async () => {
    const registry = open(temporaryDirectory());
    await publishThree(registry);
    const before = await history(registry);
    await registry.deleteRevision(NAME, { topHash: parseTopHash(before[2] ?? "") });
    expect(await registry.latest(NAME)).toBe(before[1]);
    await registry.undo(NAME);
    expect(await history(registry)).toEqual(before);
    await registry.rollback(NAME, { topHash: parseTopHash(before[0] ?? "") });
    expect(await registry.latest(NAME)).toBe(before[0]);
    await registry.undo(NAME);
    await registry.deletePackage(NAME);
    expect(await registry.latest(NAME)).toBeUndefined();
    await registry.undo(NAME);
    expect(await history(registry)).toEqual(before);
    expect(await registry.latest(NAME)).toBe(before[2]);
  });

  it("takes no damaged pointer for the revision that remains when the latest is removed", async () => {
    const root = temporaryDirectory();
    const registry = open(root);
    await publishThree(registry);
    const before = await history(registry);
    const folder = join(root, ".quilt/named_packages", NAME);
    const [, second = ""] = readdirSync(folder).sort();
    writeFileSync(join(folder, second), "");
    const { kind } = await registry.deleteRevision(NAME, { topHash: parseTopHash(before[2] ?? "") });
    expect(kind).toBe("delete revision");
    expect(await registry.latest(NAME)).toBe(before[0]);
  });
});

/** Three revisions that differ by their message. */
async function publishThree(registry: ReturnType<typeof open>): Promise<void> {
  for (const [i, text] of ["1", "2", "3"].entries()) {
    const { topHash } = await registry.writeManifest({
      header: new Map([
        ["version", "v0"],
        ["message", text],
      ]),
      directories: new Map(),
      entries: [],
    });
    await registry.commit(
      { name: NAME, topHash },
      { parent: (await history(registry))[i - 1] as ReturnType<typeof hash> | undefined },
    );
  }
}

/** Makes the record of each open turn one of an earlier boot: its holder is taken for dead. */
function endOpenTurns(root: string): void {
  const folder = join(root, ".quilt/t4/locks", encodeURIComponent(".quilt/named_packages/alice/data/latest"));
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".lock")) continue;
    const holder = openRecord(readFileSync(join(folder, name)));
    writeFileSync(join(folder, name), sealRecord({ ...holder, boot: "an earlier boot" }));
  }
}
