import type { Entry } from "../format/entry.js";

/** Entries in tree order that never change: a manifest, or what one directory held when it was scanned. */
export interface EntryRun {
  /** Number of entries. */
  readonly count: number;
  /** The entry at a key; reads one block. */
  get(logicalKey: string): Entry | undefined;
  /** Entries in tree order, from the first key ≥ `from`; reads block by block, so breaking off early is cheap. */
  entries(from?: string): IterableIterator<Entry>;
}

/** The run without entries. */
export const EMPTY_RUN: EntryRun = {
  count: 0,
  get: () => undefined,
  entries: () => [].values(),
};
