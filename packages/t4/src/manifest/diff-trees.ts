import type { Entry } from "../format/entry.js";
import { isBlockRun } from "./block-run.js";
import { type EntryDiff, entryDiffs } from "./diff-entries.js";
import type { EntryRun } from "./entry-run.js";
import { type EntryPair, entryPair, pairEntries } from "./merge-runs.js";
import type { PackageTree } from "./package-tree.js";
import { pairBlocks } from "./pair-blocks.js";

/**
 * Compares two trees as `entryDiffs` compares the pairs of their entries, at the cost of what differs: of one run below both only
 * the edits are looked at, of two manifests only the blocks that differ.
 */
export function* diffTrees(before: PackageTree, after: PackageTree): Generator<EntryDiff, void, undefined> {
  yield* entryDiffs(changedPairs(before, after));
}

function* changedPairs(before: PackageTree, after: PackageTree): Generator<EntryPair<Entry, Entry>, void, undefined> {
  const edited = pairEntries(before.editedKeys(), after.editedKeys());
  for (const { logicalKey, left, right } of pairEntries(edited, pairRuns(before.base, after.base))) {
    if (left !== undefined) yield entryPair(logicalKey, before.get(logicalKey), after.get(logicalKey));
    else if (right !== undefined) yield right;
  }
}

/** Keys of two runs; those that are the same in both may be left out. */
function pairRuns(left: EntryRun, right: EntryRun): Iterable<EntryPair<Entry, Entry>> {
  if (left === right) return [];
  return isBlockRun(left) && isBlockRun(right) ? pairBlocks(left, right) : pairEntries(left.entries(), right.entries());
}
