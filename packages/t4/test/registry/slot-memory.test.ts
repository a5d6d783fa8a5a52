import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { systemClock } from "#t4/base/clock.js";
import type { PackageName } from "#t4/format/package-name.js";
import { packageRegistry } from "#t4/registry/registry.js";
import type { Store } from "#t4/store/store.js";

const name = "alice/a" as PackageName;
const SLOTS = 30;
const hashOf = (i: number): string => i.toString(16).padStart(64, "0");
const slotOf = (i: number): string => `.quilt/named_packages/${name}/${1_700_000_000 + i}`;

/** A registry of so many revisions, in a store that counts reads; the clock is that of a later hour. */
async function world(options: { readonly hours: number; readonly isFolder?: boolean }) {
  const memory = memoryStore();
  for (let i = 0; i < SLOTS; i++) await memory.put(slotOf(i), Buffer.from(hashOf(i)));
  await memory.put(`.quilt/named_packages/${name}/latest`, Buffer.from(hashOf(SLOTS - 1)));
  let reads = 0;
  const get: Store["get"] = (...args) => {
    reads++;
    return memory.get(...args);
  };
  const folder = options.isFolder === true ? { localPath: (key: string) => key } : {};
  const clock = { ...systemClock, now: () => Date.now() + options.hours * 3_600_000 };
  const registry = packageRegistry({ ...memory, get, ...folder }, { clock });
  const read = async (): Promise<string[]> => {
    reads = 0;
    const found: string[] = [];
    for await (const { topHash } of registry.revisions(name)) found.push(topHash);
    return found;
  };
  return { memory, read, reads: () => reads };
}

const all = Array.from({ length: SLOTS }, (_, i) => hashOf(SLOTS - 1 - i));

describe("pointers of a registry that is open", () => {
  it("are read once, when they are old enough to be known by their time", async () => {
    const { memory, read, reads } = await world({ hours: 2 });
    expect(await read()).toEqual(all);
    expect(reads()).toBe(SLOTS + 1);
    expect(await read()).toEqual(all);
    expect(reads()).toBe(1);
    await memory.put(slotOf(SLOTS), Buffer.from(hashOf(SLOTS)));
    expect((await read())[0]).toBe(hashOf(SLOTS));
    expect(reads()).toBe(2);
    await memory.delete(slotOf(SLOTS));
    expect(await read()).toEqual(all);
  });

  it("are read again when they are of another time, and always while that may yet be the same", async () => {
    const { memory, read } = await world({ hours: 2 });
    await read();
    while (Date.now() === (await memory.head(slotOf(0)))?.modifiedMs) await systemClock.sleep(1);
    await memory.put(slotOf(0), Buffer.from(hashOf(77)));
    expect((await read()).at(-1)).toBe(hashOf(77));
    const young = await world({ hours: 0 });
    await young.read();
    await young.read();
    expect(young.reads()).toBe(SLOTS + 1);
  });

  it("of a folder, where that costs nothing, are always read", async () => {
    const { read, reads } = await world({ hours: 2, isFolder: true });
    await read();
    await read();
    expect(reads()).toBe(SLOTS + 1);
  });
});
