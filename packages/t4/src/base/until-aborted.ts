/** Waits for what cannot be aborted itself, such as another program; rejects with `signal.reason` when nobody waits any more. */
export async function untilAborted<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return result;
  // What it says later, nobody hears.
  result.catch(() => undefined);
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    over.abort();
  }
}
