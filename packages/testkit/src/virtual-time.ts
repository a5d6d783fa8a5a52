/** Time that passes only when nothing is left to do at this moment: runs are instant, and the same for the same seed. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves `ms` later, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Does something `ms` later. */
  later(ms: number, action: () => void): void;
  /**
   * Starts tasks and lets time pass until all have settled; what they left behind (zombies) stays for {@link VirtualTime.drain}.
   *
   * @returns their results in order.
   * @throws the first task's error, or an Error when tasks wait for something that never happens.
   */
  run<Result>(tasks: readonly (() => Promise<Result>)[]): Promise<Result[]>;
  /** Lets time pass until nothing is left to happen. */
  drain(): Promise<void>;
}

interface Event {
  readonly at: number;
  readonly action: () => void;
}

/** Real time that is waited for work of other threads before a run counts as stuck, milliseconds. */
const PATIENCE_MS = 500;

/** Lets all that is ready run: promises, `process.nextTick` and what they start. */
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a time of its own; default start: 25 November 2026, noon UTC. */
export function virtualTime(startMs = Date.UTC(2026, 10, 25, 12)): VirtualTime {
  let now = startMs;
  const events: Event[] = [];

  const later = (ms: number, action: () => void): void => void events.push({ at: now + Math.max(0, ms), action });

  /** The earliest event; of several at one moment, the first that was planned. */
  const takeNext = (): Event | undefined => {
    let best = 0;
    for (let i = 1; i < events.length; i++) if ((events[i] as Event).at < (events[best] as Event).at) best = i;
    return events.splice(best, 1)[0];
  };

  const step = async (): Promise<boolean> => {
    await settle();
    const event = takeNext();
    if (event === undefined) return false;
    now = event.at;
    event.action();
    await settle();
    return true;
  };

  return {
    now: () => now,
    later,
    sleep: async (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => reject(signal?.reason as Error);
        signal?.addEventListener("abort", onAbort, { once: true });
        later(ms, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
      }),
    run: async (tasks) => runTasks(tasks, step),
    async drain() {
      while (await step());
    },
  };
}

async function runTasks<Result>(
  tasks: readonly (() => Promise<Result>)[],
  step: () => Promise<boolean>,
): Promise<Result[]> {
  const state = { isSettled: false };
  const results = Promise.all(tasks.map(async (task) => task())).finally(() => {
    state.isSettled = true;
  });
  // An error is raised at the end, not while time still passes for the others.
  results.catch(() => undefined);
  let stuckSince = Number.POSITIVE_INFINITY;
  while (!state.isSettled) {
    if (await step()) stuckSince = Number.POSITIVE_INFINITY;
    else stuckSince = Math.min(stuckSince, performance.now());
    if (performance.now() - stuckSince > PATIENCE_MS) {
      throw new Error("The tasks wait for something that never happens: no event is planned in virtual time.");
    }
  }
  return results;
}
