import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { packageRegistry } from "#t4/registry/registry.js";
import type { Store } from "#t4/store/store.js";

/** What a registry of these pointers says that it has, and how many listings that took. */
async function listed(pointers: readonly string[]): Promise<{ readonly names: string[]; readonly listings: number }> {
  const memory = memoryStore();
  for (const key of pointers) await memory.put(`.quilt/named_packages/${key}`, new Uint8Array(64));
  let listings = 0;
  const list: Store["list"] = (...args) => {
    listings++;
    return memory.list(...args);
  };
  const names: string[] = [];
  for await (const name of packageRegistry({ ...memory, list }).packages()) names.push(name);
  return { names, listings };
}

describe("the packages of a registry", () => {
  it("take a listing for each author, however many packages and revisions there are", async () => {
    const pointers = ["ann", "bob", "cy"].flatMap((author) =>
      Array.from({ length: 40 }, (_, i) =>
        ["latest", "1700000000", "1700000001"].map((name) => `${author}/p${i}/${name}`),
      ),
    );
    const { names, listings } = await listed(pointers.flat());
    expect(names).toHaveLength(120);
    expect(new Set(names)).toHaveLength(120);
    expect(listings).toBe(4);
  });

  it("are those that have a pointer; what else lies about is none", async () => {
    const others = ["a/latest", "latest", "a/b/c/latest", "a/odd/no pointer!", "a/b c/latest", "a/deep/x/1700000000"];
    const tagged = ["b/tagged/a-tag", "b/timed/1700000000", "b/late/latest", "b-1/late/latest"];
    expect((await listed([...others, ...tagged])).names).toEqual(["b-1/late", "b/late", "b/tagged", "b/timed"]);
  });
});
