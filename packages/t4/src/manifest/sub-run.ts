import type { Entry } from "../format/entry.js";
import type { EntryRun } from "./entry-run.js";
import type { PackageTree } from "./package-tree.js";

/** One directory of a tree that nobody changes any more, with keys relative to it; nothing is read before it is looked at. */
export function subRun(tree: PackageTree, directory: string): EntryRun {
  const prefix = `${directory}/`;
  const inner = (entry: Entry): Entry => ({ ...entry, logicalKey: entry.logicalKey.slice(prefix.length) });
  let count: number | undefined;
  return {
    get count() {
      if (count === undefined) {
        count = 0;
        for (const _ of tree.entries(directory)) count++;
      }
      return count;
    },
    get(logicalKey) {
      const entry = tree.get(prefix + logicalKey);
      return entry && inner(entry);
    },
    *entries(from) {
      for (const entry of tree.entries(directory, from === undefined ? undefined : prefix + from)) yield inner(entry);
    },
  };
}
