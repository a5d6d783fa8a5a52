import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import type { EntryRun } from "./entry-run.js";

/** A run over entries in memory; `entries` must be in tree order. */
export function arrayRun(entries: readonly Entry[]): EntryRun {
  const firstAtLeast = (key: string): number => {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareLogicalKeys((entries[middle] as Entry).logicalKey, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  function* from(start: number): Generator<Entry, void, undefined> {
    for (let i = start; i < entries.length; i++) yield entries[i] as Entry;
  }
  return {
    count: entries.length,
    get(logicalKey) {
      const found = entries[firstAtLeast(logicalKey)];
      return found?.logicalKey === logicalKey ? found : undefined;
    },
    entries: (key) => from(key === undefined ? 0 : firstAtLeast(key)),
  };
}
