/** Options of {@link mapConcurrent}. */
export interface MapConcurrentOptions {
  /** How many calls may run at once, at least 1. */
  readonly concurrency: number;
  /** Stops taking new items; the iteration rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
}

/**
 * Maps `items` through `work` with bounded concurrency and yields results in the order of `items`.
 *
 * At most `concurrency` calls run or wait to be read at once. When one fails, or the reader breaks off, the others'
 * signal is aborted and they are awaited before the error goes on.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: MapConcurrentOptions,
): AsyncGenerator<Result, void, undefined> {
  const siblings = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, siblings.signal]) : siblings.signal;
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      options.signal?.throwIfAborted();
      const job = work(item, signal);
      job.catch(() => undefined);
      running.push(job);
      if (running.length >= options.concurrency) yield await (running.shift() as Promise<Result>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<Result>);
  } finally {
    if (running.length > 0) siblings.abort();
    await Promise.allSettled(running);
  }
}
