import { compareLogicalKeys } from "../format/logical-key.js";

/** Something at a logical key: an entry, or a file that may become one. */
interface Keyed {
  readonly logicalKey: string;
}

/** One key of two sequences, with what either has there. */
export interface EntryPair<Left extends Keyed, Right extends Keyed> {
  readonly logicalKey: string;
  readonly left?: Left;
  readonly right?: Right;
}

/** Walks two sequences in tree order side by side. */
export function* pairEntries<Left extends Keyed, Right extends Keyed>(
  left: Iterable<Left>,
  right: Iterable<Right>,
): Generator<EntryPair<Left, Right>, void, undefined> {
  const lefts = left[Symbol.iterator]();
  const rights = right[Symbol.iterator]();
  let l = lefts.next();
  let r = rights.next();
  try {
    while (!l.done || !r.done) {
      const order = l.done ? 1 : r.done ? -1 : compareLogicalKeys(l.value.logicalKey, r.value.logicalKey);
      if (order === 0) yield { logicalKey: l.value.logicalKey, left: l.value, right: r.value };
      else if (order < 0) yield { logicalKey: l.value.logicalKey, left: l.value };
      else yield { logicalKey: r.value.logicalKey, right: r.value };
      if (order <= 0) l = lefts.next();
      if (order >= 0) r = rights.next();
    }
  } finally {
    lefts.return?.();
    rights.return?.();
  }
}

/** A pair of what may be missing on a side. */
export function entryPair<Item extends Keyed>(
  logicalKey: string,
  left: Item | undefined,
  right: Item | undefined,
): EntryPair<Item, Item> {
  return { logicalKey, ...(left && { left }), ...(right && { right }) };
}
