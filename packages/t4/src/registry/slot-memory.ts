import type { Clock } from "../base/clock.js";
import type { TopHash } from "../format/top-hash.js";
import type { ListedObject } from "../store/store.js";

/** What pointers of bygone revisions held when they were read, for as long as their registry is open. */
export interface SlotMemory {
  /** The top hash of a pointer that a listing just had; reads it unless it is known in this very state. */
  topHashOf(listed: ListedObject, read: () => Promise<TopHash | undefined>): Promise<TopHash | undefined>;
}

/**
 * Other clients write a pointer anew within the second that it is named by, and a server's times may be as coarse. Only one that
 * is older than that by more than any two clocks differ is known by its time: S3 refuses who is a quarter of an hour off.
 */
const SETTLED_MS = 3_600_000;
/** Pointers that are remembered, some 200 bytes each. */
const MOST_KEPT = 100_000;

interface Kept {
  readonly size: number;
  readonly modifiedMs: number;
  readonly topHash: TopHash;
}

/** Remembers nothing yet. */
export function createSlotMemory(clock: Clock): SlotMemory {
  const kept = new Map<string, Kept>();
  return {
    async topHashOf({ key, size, modifiedMs }, read) {
      const known = kept.get(key);
      if (known?.size === size && known.modifiedMs === modifiedMs) return known.topHash;
      const isSettled = clock.now() - modifiedMs > SETTLED_MS;
      const topHash = await read();
      if (isSettled && topHash !== undefined) kept.set(key, { size, modifiedMs, topHash });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      return topHash;
    },
  };
}
