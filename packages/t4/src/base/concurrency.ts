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
 * At most `concurrency` calls run or wait to be read at once. When one fails, whichever it is, or the reader breaks off, the
 * others' signal is aborted at once, and they are awaited before the first error goes on.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: MapConcurrentOptions,
): AsyncGenerator<Result, void, undefined> {
  const siblings = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, siblings.signal]) : siblings.signal;
  const running: Promise<Result>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const stop = (error: unknown): void => {
    failure ??= { error };
    siblings.abort();
  };
  // What the others answer to being aborted is not why.
  const oldest = async (): Promise<Result> => {
    const result = await (running.shift() as Promise<Result>).catch(() => undefined);
    if (failure !== undefined) throw failure.error;
    return result as Result;
  };
  try {
    for await (const item of items) {
      options.signal?.throwIfAborted();
      if (failure !== undefined) break;
      const job = work(item, signal);
      job.catch(stop);
      running.push(job);
      if (running.length >= options.concurrency) yield await oldest();
    }
    while (running.length > 0) yield await oldest();
  } finally {
    if (running.length > 0) siblings.abort();
    await Promise.allSettled(running);
  }
}
