import type { Entry } from "../../format/entry.js";
import { pairEntries } from "../../manifest/merge-runs.js";
import { PackageTree } from "../../manifest/package-tree.js";
import { createRunBuilder } from "../../manifest/run-builder.js";
import { isBaseIn, isPending, type PackageState } from "../package-state.js";
import { joinAccess } from "../sources/file-access.js";

/** A package before a long operation, what that made of it, and as it is now that others changed it meanwhile. */
export interface Meanwhile {
  readonly before: PackageState;
  readonly done: PackageState;
  readonly now: PackageState;
  /** Whether a key got another file, or lost it, meanwhile. */
  readonly isTouched: (logicalKey: string) => boolean;
}

/**
 * The package as it is now, with what the operation found out of the files that are still the same; what was set, removed
 * or described meanwhile stays so.
 */
export function joinMeanwhile({ before, done, now, isTouched }: Meanwhile): PackageState {
  const fresh = done.bases.filter((base) => !before.bases.includes(base));
  return {
    ...now,
    tree: joinTrees({ done, now, isTouched }),
    bases: [...now.bases.filter((base) => !fresh.some((other) => isBaseIn(base, other))), ...fresh],
    origin: done.origin === before.origin ? now.origin : done.origin,
    access: joinAccess(now.access, done.access),
  };
}

function joinTrees({ done, now, isTouched }: Omit<Meanwhile, "before">): PackageTree {
  const builder = createRunBuilder();
  const inMemory: Entry[] = [];
  for (const { logicalKey, left: known, right: entry } of pairEntries(done.tree.entries(), now.tree.entries())) {
    if (entry === undefined) continue;
    const isKnown = known !== undefined && !isTouched(logicalKey) && (isPending(entry) || !isPending(known));
    const joined = isKnown ? { ...known, meta: entry.meta } : entry;
    if (joined.content === undefined) builder.add(joined);
    else inMemory.push(joined);
  }
  const tree = new PackageTree(builder.finish());
  for (const entry of inMemory) tree.set(entry);
  return tree;
}
