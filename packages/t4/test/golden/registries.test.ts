import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { listPackages, openRegistry, Package } from "#t4/index.js";
import { unpackRegistry } from "./unpack-registry.js";
import { vectors } from "./vectors.js";

interface Index {
  /** Package name → pointer name → top hash. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly manifests: Readonly<
    Record<string, { readonly entries: readonly FileOf[]; readonly names: readonly string[] }>
  >;
}

interface FileOf {
  readonly logical_key: string;
  readonly sha256: string;
  /** False where the peer itself overwrote the file of an older revision. */
  readonly content_ok: boolean;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe.each(["registry-t4", "registry-quilt3"])("%s, as the real client wrote it", (name) => {
  const index = vectors<Index>(`${name}.index.json`);

  it("lists the packages and revisions that the client listed", async () => {
    const registry = unpackRegistry(name);
    expect((await collect(listPackages(registry))).sort()).toEqual(Object.keys(index.packages).sort());
    const open = await openRegistry(registry);
    for (const [packageName, pointers] of Object.entries(index.packages)) {
      expect(await open.resolve(packageName)).toBe(pointers["latest"]);
      const times = Object.keys(pointers).filter((pointer) => /^\d{10}$/.test(pointer));
      const hashes = times
        .sort()
        .reverse()
        .map((pointer) => pointers[pointer]);
      expect((await collect(open.log(packageName))).map(({ topHash }) => topHash)).toEqual(hashes);
    }
  });

  it("opens every revision, with the same top hash, keys and bytes", async () => {
    const registry = unpackRegistry(name);
    for (const [topHash, { entries, names }] of Object.entries(index.manifests)) {
      const [packageName] = names;
      if (packageName === undefined) continue;
      const pkg = await Package.browse(packageName, { registry, topHash });
      expect(pkg.topHash()).toBe(topHash);
      expect(pkg.map((key) => key)).toEqual(entries.map((entry) => entry.logical_key));
      for (const { logical_key: key, sha256, content_ok: isWhole } of entries) {
        const bytes = pkg.entry(key).bytes();
        if (isWhole)
          expect(
            createHash("sha256")
              .update(await bytes)
              .digest("hex"),
            key,
          ).toBe(sha256);
        else await expect(bytes, key).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
      }
    }
  });
});
