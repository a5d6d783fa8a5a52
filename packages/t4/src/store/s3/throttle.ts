/** Bounds how many requests run at once, and learns how many the server takes. */
export interface Throttle {
  /** Waits for a place; `release` it. Rejects with `signal.reason`. */
  acquire(signal?: AbortSignal): Promise<void>;
  release(): void;
  /** A request went well. */
  onSuccess(): void;
  /** The server asked to slow down; `startedAt` is the {@link Throttle.generation} when the request began. */
  onSlowDown(startedAt: number): void;
  /** Counts how often the bound was halved. */
  readonly generation: number;
}

/** So many successes allow one request more. */
const SUCCESSES_PER_STEP = 50;

/**
 * A bound that is halved when the server says SlowDown and grows by one per 50 successes: additive increase,
 * multiplicative decrease. Requests that were under way at a halving do not halve it again.
 */
export function createThrottle({ start, most }: { readonly start: number; readonly most: number }): Throttle {
  let limit = start;
  let running = 0;
  let successes = 0;
  let generation = 0;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const next of waiting) {
      if (running >= limit) return;
      waiting.delete(next);
      running++;
      next();
    }
  };
  return {
    get generation() {
      return generation;
    },
    acquire(signal) {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          waiting.delete(enter);
          reject(signal?.reason as Error);
        };
        const enter = (): void => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.add(enter);
        wake();
      });
    },
    release() {
      running--;
      wake();
    },
    onSuccess() {
      if (++successes % SUCCESSES_PER_STEP === 0 && limit < most) limit++;
    },
    onSlowDown(startedAt) {
      if (startedAt !== generation) return;
      generation++;
      successes = 0;
      limit = Math.max(1, Math.floor(limit / 2));
    },
  };
}
