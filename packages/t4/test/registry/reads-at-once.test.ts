import { setImmediate } from "node:timers/promises";
import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { newHeader, withMessage } from "#t4/format/header.js";
import { parsePackageName } from "#t4/format/package-name.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";

/** A registry of many packages, and how many reads below a prefix were under way at once at most. */
async function manyPackages(): Promise<{ registry: PackageRegistry; most: (prefix: string) => number }> {
  const store = memoryStore("s3://memory");
  const filling = packageRegistry(store);
  for (let i = 0; i < 30; i++) {
    const header = withMessage(newHeader(), String(i));
    const { topHash } = await filling.writeManifest({ header, directories: new Map(), entries: [] });
    await filling.commit({ name: parsePackageName(`alice/p${i}`), topHash }, { parent: undefined });
  }
  const running = new Map<string, number>();
  const highest = new Map<string, number>();
  const get: typeof store.get = async (key, options) => {
    const kind = key.split("/", 2).join("/");
    const now = (running.get(kind) ?? 0) + 1;
    running.set(kind, now);
    highest.set(kind, Math.max(now, highest.get(kind) ?? 0));
    await setImmediate();
    running.set(kind, (running.get(kind) ?? 0) - 1);
    return store.get(key, options);
  };
  const registry = packageRegistry({ ...store, get });
  return { registry, most: (prefix) => highest.get(prefix) ?? 0 };
}

describe("of a registry with many packages", () => {
  it("a collection of garbage reads pointers, records and manifests many at once, and no more", async () => {
    const { registry, most } = await manyPackages();
    expect(await registry.collectGarbage({ dryRun: true })).toMatchObject({ manifests: [], objects: [] });
    expect(most(".quilt/named_packages")).toBe(16);
    expect(most(".quilt/t4")).toBe(16);
    expect(most(".quilt/packages")).toBe(8);
  });

  it("a check reads pointers and records many at once", async () => {
    const { registry, most } = await manyPackages();
    expect(await registry.fsck()).toEqual([]);
    expect(most(".quilt/named_packages")).toBeGreaterThanOrEqual(16);
    expect(most(".quilt/t4")).toBe(16);
  });
});
