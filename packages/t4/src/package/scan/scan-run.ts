import { type Entry, NO_META, type ObjectHash } from "../../format/entry.js";
import { compareLogicalKeys } from "../../format/logical-key.js";
import { quote } from "../../format/percent.js";
import { fileUrl } from "../../format/physical-key.js";
import { DEFAULT_HASH, hashValueFromDigest } from "../../hash/hasher.js";
import type { EntryRun } from "../../manifest/entry-run.js";
import type { Scan } from "./scan-directory.js";
import { firstRowAtLeast, rowOf } from "./scan-table.js";

/** A scan as entries below `prefix`, which is empty or ends in a slash; each exists only while it is looked at. */
export function scanRun({ root, table, targets }: Scan, prefix: string): EntryRun {
  const rootUrl = fileUrl(root.endsWith("/") ? root : `${root}/`);
  const entryAt = (row: number): Entry => {
    const key = table.key(row);
    const stamp = table.stamp(row);
    const target = targets.get(row);
    return {
      logicalKey: prefix + key,
      physicalKeys: [target === undefined ? rootUrl + quote(key) : fileUrl(target)],
      size: stamp.size,
      hash: hashOf(table.digest(row)),
      meta: NO_META,
      stamp,
    };
  };
  function* entries(from?: string): Generator<Entry, void, undefined> {
    for (let row = firstRow(from); row < table.count; row++) yield entryAt(row);
  }
  const firstRow = (from: string | undefined): number => {
    if (from === undefined || compareLogicalKeys(from, prefix) <= 0) return 0;
    return from.startsWith(prefix) ? firstRowAtLeast(table, from.slice(prefix.length)) : table.count;
  };
  return {
    count: table.count,
    get(logicalKey) {
      const row = logicalKey.startsWith(prefix) ? rowOf(table, logicalKey.slice(prefix.length)) : undefined;
      return row === undefined ? undefined : entryAt(row);
    },
    entries,
  };
}

function hashOf(digest: Uint8Array): ObjectHash | null {
  if (digest.every((byte) => byte === 0)) return null;
  return { type: DEFAULT_HASH, value: hashValueFromDigest(DEFAULT_HASH, digest) };
}
