import type { LongOperationOptions } from "../base/progress.js";
import { PackageTree } from "../manifest/package-tree.js";
import { createRunBuilder } from "../manifest/run-builder.js";
import type { PackageState } from "./package-state.js";
import { resolveEntries } from "./resolve-entries.js";

/** Computes the hashes that are not known yet, without storing anything. */
export async function hashPending(state: PackageState, options: LongOperationOptions): Promise<PackageState> {
  const builder = createRunBuilder();
  const inMemory: PackageTree = new PackageTree();
  for await (const { entry, resolved } of resolveEntries(state, options)) {
    // A file keeps its own place, also one that did not change: what the registry has of it may be gone.
    if (entry.content !== undefined) inMemory.set({ ...resolved, content: entry.content });
    else builder.add({ ...resolved, stamp: entry.stamp, etag: entry.etag });
  }
  state.scanned?.scan.save();
  const tree = new PackageTree(builder.finish());
  for (const entry of inMemory.entries()) tree.set(entry);
  return { ...state, tree };
}
