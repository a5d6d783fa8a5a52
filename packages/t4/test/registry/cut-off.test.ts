import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Clock } from "#t4/base/clock.js";
import { parsePackageName } from "#t4/format/package-name.js";
import { parseTopHash } from "#t4/format/top-hash.js";
import { packageRegistry } from "#t4/registry/registry.js";
import { fileStore } from "#t4/store/file/file-store.js";
import { temporaryDirectory } from "../temporary.js";
import { wrapped } from "./wrapped-file-system.js";

const NAME = parsePackageName("alice/data");
const HASHES = ["1", "2", "3"].map((text) => parseTopHash(createHash("sha256").update(text).digest("hex")));
const [FIRST, , THIRD] = HASHES as [(typeof HASHES)[0], (typeof HASHES)[0], (typeof HASHES)[0]];

/** A registry whose process dies, in all its further calls, at a change of a pointer. */
function open(root: string, dieAt = Number.POSITIVE_INFINITY) {
  let changes = 0;
  const isChange = (name: string, args: readonly unknown[]): boolean =>
    /^(?:unlink|link|rename)$/.test(name) && args.some((path) => String(path).includes("/named_packages/"));
  const fs = wrapped(async (name, args) => {
    if (isChange(name, args)) changes++;
    if (changes >= dieAt) throw new Error("killed");
  });
  return packageRegistry(
    fileStore(root, { stateKey: ".quilt/t4", url: `file://${root}`, fs, clock: impatientClock() }),
  );
}

/** A clock that a wait puts on: the turn of one that died in this very process is waited for. */
function impatientClock(): Clock {
  let waitedMs = 0;
  return {
    now: () => Date.now() + waitedMs,
    async sleep(ms) {
      waitedMs += ms;
      await setImmediate();
    },
  };
}

async function published() {
  const root = temporaryDirectory();
  const registry = open(root);
  for (const [i, topHash] of HASHES.entries())
    await registry.commit({ name: NAME, topHash }, { parent: HASHES[i - 1] });
  await registry.setTag(NAME, { tag: "best", topHash: FIRST });
  return { root, registry, before: await state(root) };
}

/** The package's pointers. */
async function state(root: string) {
  const registry = open(root);
  const found = new Map<string, string>();
  for await (const { pointer, topHash } of registry.revisions(NAME)) found.set(pointer, topHash);
  for await (const { tag, topHash } of registry.tags(NAME)) found.set(tag, topHash);
  return { found, latest: await registry.latest(NAME) };
}

/** Where the removal of a package is cut off: `latest` is gone, and of three slots and a tag none or some. */
const CHANGES = [2, 3, 4, 5];

describe("an operation that was cut off", () => {
  it("and taken back is not part of a later one", async () => {
    const { root, registry } = await published();
    await expect(open(root, 3).deletePackage(NAME)).rejects.toThrow("killed");
    expect(Object.keys(await registry.undo(NAME)).sort()).toEqual(["changes", "kind"]);
    await registry.deleteRevision(NAME, { topHash: FIRST });
    const before = await state(root);
    await registry.deletePackage(NAME);
    await registry.undo(NAME);
    expect(await state(root)).toEqual(before);
  });

  it("before its revision was listed leaves it in the history, also when latest goes back", async () => {
    const root = temporaryDirectory();
    const registry = packageRegistry(fileStore(root, { stateKey: ".quilt/t4", url: `file://${root}` }));
    const write = async (message: string) => {
      const header = new Map([
        ["version", "v0"],
        ["message", message],
      ]);
      return (await registry.writeManifest({ header, directories: new Map(), entries: [] })).topHash;
    };
    const [first, second] = [await write("first"), await write("second")];
    await registry.commit({ name: NAME, topHash: first }, { parent: undefined });
    await open(root, 2)
      .commit({ name: NAME, topHash: second }, { parent: first })
      .catch(() => undefined);
    expect(await registry.latest(NAME)).toBe(second);
    await registry.rollback(NAME, { topHash: first });
    expect([...(await state(root)).found.values()].sort()).toEqual([first, second].sort());
  });

  it("does not write over a slot that another client takes while an undo brings it back", async () => {
    const { root, registry } = await published();
    const slot = [...(await state(root)).found].find(([, topHash]) => topHash === FIRST)?.[0] ?? "";
    await registry.deletePackage(NAME);
    const path = `${root}/.quilt/named_packages/${NAME}/${slot}`;
    const fs = wrapped(async (name, args) => {
      if ((name === "link" || name === "rename") && args[1] === path) writeFileSync(path, THIRD);
    });
    const store = fileStore(root, { stateKey: ".quilt/t4", url: `file://${root}`, fs });
    await expect(packageRegistry(store).undo(NAME)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect(readFileSync(path, "utf8")).toBe(THIRD);
  });

  it.each(CHANGES)("a removal, at change %i: undo takes back what was changed", async (dieAt) => {
    const { root, registry, before } = await published();
    await expect(open(root, dieAt).deletePackage(NAME)).rejects.toThrow("killed");
    expect((await registry.undo(NAME)).kind).toBe("delete package");
    expect(await state(root)).toEqual(before);
    expect((await registry.undo(NAME)).kind).toBe("undo");
  });

  it.each(CHANGES)("a removal, at change %i: the same again finishes it, and undo takes back all", async (dieAt) => {
    const { root, registry, before } = await published();
    await expect(open(root, dieAt).deletePackage(NAME)).rejects.toThrow("killed");
    const { changes } = await registry.deletePackage(NAME);
    expect(changes).toHaveLength(5);
    expect((await state(root)).found.size).toBe(0);
    await registry.undo(NAME);
    expect(await state(root)).toEqual(before);
  });

  it.each([false, true])("a revision's removal, after latest moved: likewise (repeated: %s)", async (isRepeated) => {
    const { root, registry, before } = await published();
    await expect(open(root, 2).deleteRevision(NAME, { topHash: THIRD })).rejects.toThrow("killed");
    expect(await registry.latest(NAME)).not.toBe(THIRD);
    if (isRepeated) await registry.deleteRevision(NAME, { topHash: THIRD });
    await registry.undo(NAME);
    expect(await state(root)).toEqual(before);
  });

  it.each(CHANGES)("an undo, at change %i: undo finishes it", async (dieAt) => {
    const { root, registry, before } = await published();
    await registry.deletePackage(NAME);
    await expect(open(root, dieAt).undo(NAME)).rejects.toThrow("killed");
    await registry.undo(NAME);
    expect(await state(root)).toEqual(before);
    await registry.undo(NAME);
    expect((await state(root)).found.size).toBe(0);
  });

  it("stays as it is once another revision was built on it", async () => {
    const { root, registry } = await published();
    await expect(open(root, 3).deletePackage(NAME)).rejects.toThrow("killed");
    const push = await registry.commit({ name: NAME, topHash: FIRST }, { parent: undefined });
    expect((await registry.undo(NAME)).changes).toContainEqual({ pointer: push.pointer, before: null, after: FIRST });
  });
});
