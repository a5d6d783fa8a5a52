import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "#t4/format/entry.js";
import { compareLogicalKeys } from "#t4/format/logical-key.js";
import { entryLine } from "#t4/format/manifest-line.js";
import { entryDiffs } from "#t4/manifest/diff-entries.js";
import { diffTrees } from "#t4/manifest/diff-trees.js";
import type { EntryRun } from "#t4/manifest/entry-run.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { pairEntries } from "#t4/manifest/merge-runs.js";
import { PackageTree } from "#t4/manifest/package-tree.js";

const HEADER = '{"version": "v0", "message": null}';

function entryOf(logicalKey: string, size = 1): Entry {
  return { logicalKey, physicalKeys: ["s3://b/k"], size, hash: { type: "SHA256", value: "00" }, meta: new Map() };
}

/** A manifest's run, and how many bytes were read of it since it was opened. */
function manifestOf(entries: readonly Entry[], more = ""): { readonly run: EntryRun; readonly bytes: () => number } {
  const lines = [...entries].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey)).map(entryLine);
  const reader = memoryReader(Buffer.from(`${[HEADER, ...lines].join("\n")}\n${more}`));
  let bytes = 0;
  const read = (offset: number, length: number): Uint8Array => {
    bytes += length;
    return reader.read(offset, length);
  };
  const { run } = openManifest({ ...reader, read });
  bytes = 0;
  return { run, bytes: () => bytes };
}

const numbered = (count: number): Entry[] =>
  Array.from({ length: count }, (_, i) => entryOf(`d${i % 10}/file-${String(i).padStart(6, "0")}`));

const expectedOf = (before: PackageTree, after: PackageTree) => [
  ...entryDiffs(pairEntries(before.entries(), after.entries())),
];

describe("a diff of two trees", () => {
  it("finds what a comparison of all entries finds, whatever runs and edits they are of", () => {
    const change = fc.record({ at: fc.nat(3000), op: fc.constantFrom("set", "add", "delete"), isEdit: fc.boolean() });
    const base = numbered(3000);
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.array(change, { maxLength: 12 }),
        fc.boolean(),
        (l, r, isShared) => {
          const first = manifestOf(base).run;
          const treeOf = (changes: typeof l): PackageTree => {
            const written = new Map(base.map((entry) => [entry.logicalKey, entry]));
            const keyAt = (at: number, op: string): string =>
              `${(base[at % base.length] as Entry).logicalKey}${op === "add" ? "+" : ""}`;
            for (const { at, op, isEdit } of isShared ? [] : changes) {
              if (isEdit) continue;
              if (op === "delete") written.delete(keyAt(at, op));
              else written.set(keyAt(at, op), entryOf(keyAt(at, op), 2));
            }
            const tree = new PackageTree(isShared ? first : manifestOf([...written.values()]).run);
            for (const { at, op, isEdit } of changes) {
              if (!isEdit) continue;
              if (op === "delete") tree.delete(keyAt(at, op));
              else tree.set(entryOf(keyAt(at, op), 3));
            }
            return tree;
          };
          const [before, after] = [treeOf(l), treeOf(r)];
          expect([...diffTrees(before, after)]).toEqual(expectedOf(before, after));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("reads only the blocks that differ", () => {
    const rows = numbered(20_000);
    const changed = rows.map((entry, i) => (i % 5000 === 0 ? entryOf(entry.logicalKey, 2) : entry));
    const [a, b] = [manifestOf(rows), manifestOf([...changed, entryOf("d3/file-new")])];
    const diffs = [...diffTrees(new PackageTree(a.run), new PackageTree(b.run))];
    expect(diffs).toHaveLength(5);
    expect(a.bytes() + b.bytes()).toBeLessThan(500_000);
    expect(b.bytes()).toBeGreaterThan(0);
    const same = manifestOf(rows);
    expect([...diffTrees(new PackageTree(manifestOf(rows).run), new PackageTree(same.run))]).toEqual([]);
    expect(same.bytes()).toBe(0);
  });

  it("reads nothing of a manifest below both", () => {
    const { run, bytes } = manifestOf(numbered(20_000));
    const [before, after] = [new PackageTree(run), new PackageTree(run)];
    after.set(entryOf("d3/file-new"));
    const read = bytes();
    expect([...diffTrees(before, after)].map(({ kind, logicalKey }) => `${kind} ${logicalKey}`)).toEqual([
      "added d3/file-new",
    ]);
    expect(bytes() - read).toBeLessThan(100_000);
  });

  it("does not count directories' metadata among the rows, nor other places of the same bytes", () => {
    const rows = numbered(500);
    const moved = rows.map((entry) => ({ ...entry, physicalKeys: ["s3://other/k"] }));
    const plain = new PackageTree(manifestOf(rows).run);
    const other = new PackageTree(manifestOf(moved, '{"logical_key": "d1/", "meta": {"a": 1}}\n').run);
    expect([...diffTrees(plain, other)]).toEqual([]);
    expect([...diffTrees(other, plain)]).toEqual([]);
  });
});
