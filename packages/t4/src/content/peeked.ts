import { orClose } from "./or-close.js";

/** What comes first of a sequence, and all of it. */
export interface Peeked<Item> {
  readonly first: readonly Item[];
  /** Whether there is nothing after {@link Peeked.first}. */
  readonly isAll: boolean;
  /** All items, the first ones included, but for so many; asked once. */
  all(skip?: number): AsyncGenerator<Item, void, undefined>;
  /** Closes the sequence, which need not have ended. */
  close(): Promise<void>;
}

/** Reads items until `isEnough` of those so far, without losing them; what fails on the way closes the sequence. */
export async function peek<Item>(
  items: AsyncGenerator<Item, void, undefined>,
  isEnough: (item: Item) => boolean,
): Promise<Peeked<Item>> {
  const first: Item[] = [];
  const readFirst = async (): Promise<boolean> => {
    for (;;) {
      const next = await items.next();
      if (next.done === true) return true;
      first.push(next.value);
      if (isEnough(next.value)) return false;
    }
  };
  const isAll = await orClose(() => items.return(), readFirst);
  return {
    first,
    isAll,
    async *all(skip = 0) {
      yield* first.slice(skip);
      if (!isAll) yield* items;
    },
    close: () => items.return().then(() => undefined),
  };
}
