import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "#t4/format/package-name.js";
import { parseTopHash } from "#t4/format/top-hash.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";
import { fileStore } from "#t4/store/file/file-store.js";
import { temporaryDirectory } from "../temporary.js";
import { wrapped } from "./wrapped-file-system.js";

const NAME = parsePackageName("alice/data");
const HASHES = ["1", "2", "3"].map((text) => parseTopHash(createHash("sha256").update(text).digest("hex")));
const [FIRST, SECOND, THIRD] = HASHES as [(typeof HASHES)[0], (typeof HASHES)[0], (typeof HASHES)[0]];

/** A registry of three revisions whose first is tagged; `beside` is one who is overtaken by `meanwhile`. */
async function published() {
  const root = temporaryDirectory();
  const open = (before: Parameters<typeof wrapped>[0] = async () => undefined) =>
    packageRegistry(fileStore(root, { stateKey: ".quilt/t4", url: `file://${root}`, fs: wrapped(before) }));
  const registry = open();
  for (const [i, topHash] of HASHES.entries())
    await registry.commit({ name: NAME, topHash }, { parent: HASHES[i - 1] });
  await registry.setTag(NAME, { tag: "best", topHash: FIRST });
  const beside = (meanwhile: () => Promise<unknown>): PackageRegistry => {
    let isOvertaken = false;
    return open(async (name, [path]) => {
      // Its plan is made: it writes down what it is about to do.
      if (isOvertaken || name !== "writeNew" || !String(path).includes("/tmp/")) return;
      isOvertaken = true;
      await meanwhile();
    });
  };
  return { registry, beside };
}

async function tagsOf(registry: PackageRegistry) {
  const found = new Map<string, string>();
  for await (const { tag, topHash } of registry.tags(NAME)) found.set(tag, topHash);
  return Object.fromEntries(found);
}

describe("two writers of one pointer", () => {
  it("a tag that another moved meanwhile is not moved unseen", async () => {
    const { registry, beside } = await published();
    const late = beside(() => registry.setTag(NAME, { tag: "best", topHash: SECOND }));
    const refused = late.setTag(NAME, { tag: "best", topHash: THIRD });
    await expect(refused).rejects.toMatchObject({ code: "ERR_T4_CONFLICT", facts: { pointers: ["best"] } });
    expect(await tagsOf(registry)).toEqual({ best: SECOND });
    // The refused one left nothing that undo would find.
    expect((await registry.undo(NAME)).changes).toEqual([{ pointer: "best", before: FIRST, after: SECOND }]);
    expect(await tagsOf(registry)).toEqual({ best: FIRST });
  });

  it("says from which revision a tag moved", async () => {
    const { registry } = await published();
    const { changes } = await registry.setTag(NAME, { tag: "best", topHash: THIRD });
    expect(changes).toEqual([{ pointer: "best", before: FIRST, after: THIRD }]);
    expect((await registry.setTag(NAME, { tag: "best", topHash: THIRD })).changes).toEqual([]);
  });

  it("a tag that was made, or taken away, meanwhile is left as it is", async () => {
    const { registry, beside } = await published();
    const maker = beside(() => registry.setTag(NAME, { tag: "new", topHash: SECOND }));
    await expect(maker.setTag(NAME, { tag: "new", topHash: THIRD })).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    const remover = beside(() => registry.setTag(NAME, { tag: "best", topHash: SECOND }));
    await expect(remover.removeTag(NAME, { tag: "best" })).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect(await tagsOf(registry)).toEqual({ best: SECOND, new: SECOND });
  });

  it("a package is removed but for a tag that another moved", async () => {
    const { registry, beside } = await published();
    const late = beside(() => registry.setTag(NAME, { tag: "best", topHash: SECOND }));
    await expect(late.deletePackage(NAME)).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      facts: { pointers: ["best"] },
    });
    expect(await registry.latest(NAME)).toBeUndefined();
    expect(await tagsOf(registry)).toEqual({ best: SECOND });
    expect((await registry.deletePackage(NAME)).changes).toContainEqual({
      pointer: "best",
      before: SECOND,
      after: null,
    });
    expect(await tagsOf(registry)).toEqual({});
  });
});
