import type { Comparison } from "./compare-revisions.js";

/** Comparisons that are kept, as a list is read part by part, and changes of all of them together: each takes some 300 bytes. */
const MOST_KEPT = 8;
const MOST_CHANGES = 1_000_000;

/** Makes a comparison; `signal` ends that when nobody waits for it any more. */
export type Compare = (signal: AbortSignal) => Promise<Comparison>;

/** Finds a comparison that was made, or makes it; `asked` is of the request that waits for it. */
export type Comparisons = (key: string, asked: AbortSignal, compare: Compare) => Promise<Comparison>;

interface Kept {
  readonly result: Promise<Comparison>;
  readonly controller: AbortController;
  waiting: number;
  /** Once it is made. */
  changes: number;
}

/** Makes comparisons one after the other: a history of large revisions must not have all of them open at once. */
export function createComparisons(): Comparisons {
  const kept = new Map<string, Kept>();
  let last: Promise<unknown> = Promise.resolve();
  const begin = (key: string, compare: Compare): Kept => {
    const controller = new AbortController();
    const result = last.then(async () => {
      controller.signal.throwIfAborted();
      return compare(controller.signal);
    });
    const one: Kept = { result, controller, waiting: 0, changes: 0 };
    const forget = (): boolean => kept.get(key) === one && kept.delete(key);
    controller.signal.addEventListener("abort", forget);
    const count = async (): Promise<void> => {
      one.changes = (await result).changes.length;
      dropOldest(kept);
    };
    last = count().catch(forget);
    return one;
  };
  return async (key, asked, compare) => {
    const one = kept.get(key) ?? begin(key, compare);
    kept.delete(key);
    kept.set(key, one);
    one.waiting++;
    const leave = (): void => {
      if (--one.waiting === 0) one.controller.abort();
    };
    asked.addEventListener("abort", leave, { once: true });
    try {
      return await one.result;
    } finally {
      asked.removeEventListener("abort", leave);
    }
  };
}

function dropOldest(kept: Map<string, Kept>): void {
  for (const oldest of kept.keys()) {
    const changes = [...kept.values()].reduce((sum, one) => sum + one.changes, 0);
    if (kept.size === 1 || (kept.size <= MOST_KEPT && changes <= MOST_CHANGES)) return;
    kept.delete(oldest);
  }
}
