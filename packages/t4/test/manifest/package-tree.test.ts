import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLogicalKeys } from "#t4/format/logical-key.js";
import { PackageTree } from "#t4/manifest/package-tree.js";
import { createRunBuilder } from "#t4/manifest/run-builder.js";

type Entry = Parameters<PackageTree["set"]>[0];

const part = fc.constantFrom("a", "b", "a b", "a-b", "\u{1F600}", "\uFF5E", "__proto__", "é", "10", "9");
const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));

function entryOf(logicalKey: string, size = 1): Entry {
  return { logicalKey, physicalKeys: [`s3://b/${size}`], size, hash: { type: "SHA256", value: "00" }, meta: new Map() };
}

/** What a package is, the simple way. */
class Model {
  readonly entries = new Map<string, number>();

  canSet(logicalKey: string): boolean {
    return ![...this.entries.keys()].some((k) => k.startsWith(`${logicalKey}/`) || logicalKey.startsWith(`${k}/`));
  }

  delete(target: string): boolean {
    if (this.entries.delete(target)) return true;
    const below = [...this.entries.keys()].filter((k) => k.startsWith(`${target}/`));
    for (const k of below) this.entries.delete(k);
    return below.length > 0;
  }

  setRun(
    directory: string,
    keys: readonly string[],
    options: { size: number; mirror: boolean; existing: boolean },
  ): boolean {
    const next = new Map(this.entries);
    if (options.mirror)
      for (const k of next.keys()) if (k.startsWith(`${directory}/`) && !keys.includes(k)) next.delete(k);
    for (const k of keys) if (!options.existing || !next.has(k)) next.set(k, options.size);
    const all = [...next.keys()];
    if (all.some((a) => all.some((b) => b.startsWith(`${a}/`)))) return false;
    if (keys.length > 0 || options.mirror) {
      this.entries.clear();
      for (const [k, size] of next) this.entries.set(k, size);
    }
    return true;
  }

  sorted(): [string, number][] {
    return [...this.entries].sort(([a], [b]) => compareLogicalKeys(a, b));
  }

  children(directory: string): string[] {
    const prefix = directory === "" ? "" : `${directory}/`;
    const names = this.sorted()
      .filter(([k]) => k.startsWith(prefix))
      .map(([k]) => k.slice(prefix.length).split("/")[0] ?? "");
    return [...new Set(names)];
  }
}

const command = fc.oneof(
  fc.record({ op: fc.constant("set" as const), key, size: fc.nat(9) }),
  fc.record({ op: fc.constant("delete" as const), key }),
  fc.record({
    op: fc.constant("run" as const),
    directory: key,
    names: fc.uniqueArray(part, { maxLength: 4 }),
    size: fc.nat(9),
    mirror: fc.boolean(),
    existing: fc.boolean(),
  }),
  fc.record({ op: fc.constant("clone" as const) }),
);

function shape(tree: PackageTree): [string, unknown][] {
  return Array.from(tree.entries(), (entry) => [entry.logicalKey, entry.size]);
}

describe("PackageTree", () => {
  it("behaves as a plain map of files that refuses a name to be both file and directory", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), fc.array(key, { maxLength: 5 }), (commands, probes) => {
        const model = new Model();
        let tree = new PackageTree();
        for (const step of commands) {
          if (step.op === "clone") {
            const before = tree;
            tree = tree.clone();
            before.delete("a");
            before.set(entryOf("zzz"));
          } else if (step.op === "set") {
            const set = (): void => tree.set(entryOf(step.key, step.size));
            if (!model.canSet(step.key)) expect(set).toThrow(/both a file and a directory/);
            else {
              set();
              model.entries.set(step.key, step.size);
            }
          } else if (step.op === "delete") {
            expect(tree.delete(step.key)).toBe(model.delete(step.key));
          } else {
            const keys = step.names.map((name) => `${step.directory}/${name}`).sort(compareLogicalKeys);
            const builder = createRunBuilder();
            for (const k of keys) builder.add(entryOf(k, step.size));
            const options = { updatePolicy: step.existing ? "existing" : "incoming", mirror: step.mirror } as const;
            const set = (): void => tree.setRun(step.directory, builder.finish(), options);
            const blocked = [...model.entries.keys()].some((k) => `${step.directory}/`.startsWith(`${k}/`));
            if (blocked || !model.setRun(step.directory, keys, step))
              expect(set).toThrow(/both a file and a directory/);
            else set();
          }
          expect(shape(tree)).toEqual(model.sorted());
          expect(tree.count).toBe(model.entries.size);
        }
        for (const probe of [...probes, ""]) {
          if (probe !== "") expect(tree.get(probe)?.size).toBe(model.entries.get(probe));
          expect(Array.from(tree.children(probe), (child) => child.name)).toEqual(model.children(probe));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("finds every key of a run of many blocks, and nothing between", () => {
    const keys = Array.from({ length: 2000 }, (_, i) => `d${i % 7}/f${i}é`).sort(compareLogicalKeys);
    const builder = createRunBuilder();
    for (const k of keys) builder.add(entryOf(k));
    const tree = new PackageTree(builder.finish());
    expect(keys.every((k) => tree.get(k)?.logicalKey === k)).toBe(true);
    expect(keys.some((k) => tree.get(`${k}x`) !== undefined)).toBe(false);
    expect(Array.from(tree.children(), (child) => child.name)).toEqual(["d0", "d1", "d2", "d3", "d4", "d5", "d6"]);
  });

  it("keeps the stamps of local files", () => {
    const stamp = { size: 1, mtimeMs: 5.25, ctimeMs: 6, inode: 7, device: 2 ** 63 };
    const builder = createRunBuilder();
    builder.add({ ...entryOf("a"), hash: null, stamp });
    expect(builder.finish().get("a")).toMatchObject({ hash: null, stamp });
  });
});
