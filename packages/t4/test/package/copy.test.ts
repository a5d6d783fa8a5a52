import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/package/package.js";
import { openRegistry } from "#t4/package/registries/open-registry.js";
import { temporaryDirectory } from "../temporary.js";

describe("a revision that is copied to another registry", () => {
  let from: string;
  let to: string;
  let hashes: string[];

  beforeEach(async () => {
    const root = temporaryDirectory();
    from = join(root, "from");
    to = join(root, "to");
    const pkg = new Package();
    hashes = [];
    for (const text of ["1", "2", "3"]) hashes.push(await (await pkg.setText("a.txt", text)).push("a/b", from));
  });

  const copy = async (index: number, options: { force?: boolean; dryRun?: boolean } = {}) =>
    (await Package.browse("a/b", { registry: from, topHash: hashes[index] })).push("a/b", to, options);
  const latest = async () => (await openRegistry(to)).resolve("a/b");

  it("comes on top of none, of itself and of older ones", async () => {
    for (const index of [0, 0, 2]) {
      await copy(index);
      expect(await latest()).toBe(hashes[index]);
    }
  });

  it("does not come in front of a newer one, unless forced", async () => {
    for (const index of [0, 2]) await copy(index);
    for (const dryRun of [false, true]) {
      await expect(copy(0, { dryRun })).rejects.toMatchObject({
        code: "ERR_T4_CONFLICT",
        message: expect.stringMatching(/has a newer revision of a\/b than .*: its latest is/) as string,
        facts: { parent: hashes[0], latest: hashes[2] },
      });
    }
    expect(await latest()).toBe(hashes[2]);
    await copy(0, { force: true });
    expect(await latest()).toBe(hashes[0]);
  });

  it("does not come in front of one that its own registry never had", async () => {
    await copy(0);
    const other = await (await Package.browse("a/b", { registry: to })).setText("b.txt", "theirs");
    const theirs = await other.push("a/b", to);
    await expect(copy(2)).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      message: expect.stringContaining("did not come before") as string,
    });
    expect(await latest()).toBe(theirs);
  });

  it("says nothing of its order where its own registry is gone", async () => {
    await copy(1);
    const pkg = await Package.browse("a/b", { registry: from, topHash: hashes[2] });
    const same = await Package.browse("a/b", { registry: from, topHash: hashes[1] });
    rmSync(join(from, ".quilt/named_packages"), { recursive: true });
    await expect(pkg.push("a/b", to)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect(await same.push("a/b", to)).toBe(hashes[1]);
  });
});
