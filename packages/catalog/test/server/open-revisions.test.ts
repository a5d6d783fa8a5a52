import { join } from "node:path";
import { expect, it } from "vitest";
import { createOpenRevisions } from "#server/open-revisions.js";
import { push, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");

it("revisions that were used last stay open, each opened once, and one that failed is tried again", async () => {
  const hashes: string[] = [];
  for (let i = 0; i < 14; i++) hashes.push(await push({ registry, name: "alice/a" }, { "a.txt": String(i) }));
  const known = await testCatalog().registries.open(registry);
  const revisions = createOpenRevisions();
  const open = async (i: number): ReturnType<typeof revisions> =>
    revisions(known, { name: "alice/a", topHash: hashes[i] ?? "" });
  const [first, again] = await Promise.all([open(0), open(0)]);
  expect(again).toBe(first);
  for (let i = 1; i < 12; i++) await open(i);
  expect(await open(0)).toBe(first);
  const second = await open(1);
  for (let i = 2; i < 14; i++) await open(i);
  expect(await open(0)).not.toBe(first);
  expect(await open(1)).not.toBe(second);
  await expect(revisions(known, { name: "alice/b", topHash: hashes[0] ?? "" })).rejects.toThrow("alice/b");
  await push({ registry, name: "alice/b" }, { "a.txt": "0" });
  expect((await revisions(known, { name: "alice/b", topHash: hashes[0] ?? "" })).pkg.count).toBe(1);
});
