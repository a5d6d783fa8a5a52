import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseTopHash } from "#t4/format/top-hash.js";
import { readMemory, writeMemory } from "#t4/package/directory/directory-memory.js";
import { Package } from "#t4/package/package.js";
import { temporaryDirectory } from "../temporary.js";

const NO_ANCESTORS = new Map<string, undefined>();

/** A revision as a directory remembers it. */
async function revision(message: string) {
  const header = new Map([
    ["version", "v0"],
    ["message", message],
  ]);
  const registry = join(temporaryDirectory(), "registry");
  const topHash = parseTopHash(await new Package().build("u/p", { registry, message }));
  const base = { name: "u/p", registry, topHash, ancestors: NO_ANCESTORS };
  /** Writes the memory, and lets others go first some times in its middle. */
  const write = async (directory: string, pauses = 0): Promise<void> => {
    async function* entries(): AsyncGenerator<never, void, undefined> {
      for (let i = 0; i < pauses; i++) await Promise.resolve();
      yield* [];
    }
    await writeMemory(directory, base, { header, directories: new Map(), entries: entries() });
  };
  return { topHash, write };
}

describe("what a directory remembers", () => {
  it("is whole when two processes write it at once, whatever comes first", async () => {
    const [one, two] = [await revision("one"), await revision("two")];
    for (let pauses = 0; pauses < 40; pauses++) {
      const directory = temporaryDirectory();
      await two.write(directory);
      await Promise.all([one.write(directory, pauses), two.write(directory, 20)]);
      expect([one.topHash, two.topHash]).toContain(readMemory(directory)?.topHash);
    }
  });

  it.each<[string, (path: string) => void]>([
    ["large", (path) => truncateSync(path, 2 ** 31)],
    ["deep", (path) => writeFileSync(path, "[".repeat(10_000_000))],
  ])("is damaged when it is too %s, and may be replaced", async (_what, plant) => {
    const directory = temporaryDirectory();
    const one = await revision("one");
    await one.write(directory);
    plant(join(directory, ".t4/revision.json"));
    expect(() => readMemory(directory)).toThrow(/remembers of its package is damaged/);
    await one.write(directory);
    expect(readMemory(directory)?.topHash).toBe(one.topHash);
  });

  it("leaves no manifest of a former revision", async () => {
    const directory = temporaryDirectory();
    for (const message of ["one", "two", "three"]) await (await revision(message)).write(directory);
    expect(readdirSync(join(directory, ".t4"))).toHaveLength(2);
    expect(existsSync(join(directory, ".t4/revision.json"))).toBe(true);
  });

  it("is rid of what killed processes left a day ago, not of what others may be writing", async () => {
    const directory = temporaryDirectory();
    const one = await revision("one");
    await one.write(directory);
    const manifest = (): string => `${one.topHash}-${randomUUID()}.jsonl`;
    const left = [`revision.json.${randomUUID()}`, `${manifest()}.${randomUUID()}`, manifest()];
    const fresh = [`revision.json.${randomUUID()}`, manifest()];
    for (const name of [...left, ...fresh, "mine"]) writeFileSync(join(directory, ".t4", name), "");
    for (const name of [...left, "mine"]) utimesSync(join(directory, ".t4", name), new Date(0), new Date(0));
    await one.write(directory);
    const names = readdirSync(join(directory, ".t4"));
    expect(names).toEqual(expect.arrayContaining([...fresh, "mine", "revision.json"]));
    expect(names).toHaveLength(5);
  });
});
