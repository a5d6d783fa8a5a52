/** Works through a list, so many at once, until it is done or nobody waits for it any more. */
export async function inLanes<Item>(
  items: readonly Item[],
  { lanes, signal }: { readonly lanes: number; readonly signal: AbortSignal },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) {
      if (signal.aborted) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
