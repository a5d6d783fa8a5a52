/** What comes first of a sequence, and all of it. */
export interface Peeked<Item> {
  readonly first: readonly Item[];
  /** Whether there is nothing after {@link Peeked.first}. */
  readonly isAll: boolean;
  /** All items, the first ones included; asked once. */
  all(): AsyncGenerator<Item, void, undefined>;
  /** Closes the sequence, which need not have ended. */
  close(): Promise<void>;
}

/** Reads items until `isEnough` of those so far, without losing them. */
export async function peek<Item>(
  items: AsyncGenerator<Item, void, undefined>,
  isEnough: (item: Item) => boolean,
): Promise<Peeked<Item>> {
  const first: Item[] = [];
  let isAll = false;
  for (;;) {
    const next = await items.next();
    if (next.done === true) isAll = true;
    else first.push(next.value);
    if (next.done === true || isEnough(next.value)) break;
  }
  return {
    first,
    isAll,
    async *all() {
      yield* first;
      if (!isAll) yield* items;
    },
    close: () => items.return().then(() => undefined),
  };
}
