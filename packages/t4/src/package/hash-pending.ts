import type { LongOperationOptions } from "../base/progress.js";
import { sameEntry } from "../manifest/diff-entries.js";
import { PackageTree } from "../manifest/package-tree.js";
import { createRunBuilder } from "../manifest/run-builder.js";
import type { PackageState } from "./package-state.js";
import { resolveEntries } from "./resolve-entries.js";

/** Computes the hashes that are not known yet, without storing anything. */
export async function hashPending(state: PackageState, options: LongOperationOptions): Promise<PackageState> {
  const builder = createRunBuilder();
  const inMemory: PackageTree = new PackageTree();
  for await (const { entry, former, resolved } of resolveEntries(state, options)) {
    // What did not change keeps its place in the registry, and need not be copied again.
    if (former !== undefined && sameEntry(former, resolved)) builder.add(former);
    else if (entry.content !== undefined) inMemory.set({ ...resolved, content: entry.content });
    else builder.add({ ...resolved, stamp: entry.stamp, etag: entry.etag });
  }
  state.scanned?.scan.save();
  const tree = new PackageTree(builder.finish());
  for (const entry of inMemory.entries()) tree.set(entry);
  return { ...state, tree };
}
