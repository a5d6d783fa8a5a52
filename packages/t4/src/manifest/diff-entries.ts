import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import { sameObjectHash } from "../format/object-hash.js";
import type { EntryPair } from "./merge-runs.js";

/** One difference between two packages. */
export type EntryDiff =
  | { readonly kind: "added"; readonly logicalKey: string; readonly after: Entry }
  | { readonly kind: "deleted"; readonly logicalKey: string; readonly before: Entry }
  | { readonly kind: "modified"; readonly logicalKey: string; readonly before: Entry; readonly after: Entry };

/**
 * The differences among keys of two sequences, in tree order.
 *
 * Entries are equal when size, hash and metadata are; where the bytes are does not count.
 */
export function* entryDiffs(pairs: Iterable<EntryPair<Entry, Entry>>): Generator<EntryDiff, void, undefined> {
  for (const { logicalKey, left, right } of pairs) {
    if (left === undefined) {
      if (right !== undefined) yield { kind: "added", logicalKey, after: right };
    } else if (right === undefined) yield { kind: "deleted", logicalKey, before: left };
    else if (!sameEntry(left, right)) yield { kind: "modified", logicalKey, before: left, after: right };
  }
}

/** Whether two entries say the same of a file: size, hash and metadata. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return sameObjectHash(a.hash, b.hash) && sameJson(a.size, b.size) && sameJson(a.meta, b.meta);
}

function sameJson(a: Entry["size"], b: Entry["size"]): boolean {
  if (a === b) return true;
  return canonicalJson(a) === canonicalJson(b);
}
