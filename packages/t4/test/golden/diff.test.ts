import { describe, expect, it } from "vitest";
import { entryDiffs } from "#t4/manifest/diff-entries.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { pairEntries } from "#t4/manifest/merge-runs.js";
import { vectors } from "./vectors.js";

interface Case {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}

const { cases } = vectors<{ cases: Case[] }>("diff.json");
const open = (text: string) => openManifest(memoryReader(Buffer.from(text))).run;

describe("diff.json", () => {
  it.each(cases)("$id", (golden) => {
    const diffs = [...entryDiffs(pairEntries(open(golden.from).entries(), open(golden.to).entries()))];
    const keys = (kind: string): string[] => diffs.filter((diff) => diff.kind === kind).map((diff) => diff.logicalKey);
    // Deviation: Quilt lists changes in the order in which the first package happened to be walked; ours is tree order.
    expect(keys("added").sort()).toEqual([...golden.added].sort());
    // Deviation: 1 and 1.0 are equal to Python, but they have different top hashes, so a diff has to show them.
    const modified = golden.id === "meta-float-int" ? ["a"] : golden.modified;
    expect(keys("modified").sort()).toEqual([...modified].sort());
    expect(keys("deleted").sort()).toEqual([...golden.deleted].sort());
  });
});
