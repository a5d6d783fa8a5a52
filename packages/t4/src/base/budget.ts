/** Something that many share and that must not run out: memory, in bytes. */
export interface Budget {
  /**
   * Does work that takes an amount for its time, when so much is free; those who came first are served first. More than
   * all there is counts as all. Rejects with `signal.reason` when aborted while it waits.
   */
  use<Result>(amount: number, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

interface Waiter {
  readonly amount: number;
  readonly enter: () => void;
}

/** Makes a budget of `total`. */
export function createBudget(total: number): Budget {
  let free = total;
  const waiting = new Set<Waiter>();
  const wake = (): void => {
    for (const waiter of waiting) {
      if (waiter.amount > free) return;
      waiting.delete(waiter);
      free -= waiter.amount;
      waiter.enter();
    }
  };
  const take = (amount: number, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        waiting.delete(waiter);
        reject(signal?.reason as Error);
        // Who stood behind a large one may fit.
        wake();
      };
      const enter = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const waiter = { amount, enter };
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.add(waiter);
      wake();
    });
  return {
    async use(amount, work, signal) {
      const taken = Math.min(amount, total);
      await take(taken, signal);
      try {
        return await work();
      } finally {
        free += taken;
        wake();
      }
    },
  };
}
