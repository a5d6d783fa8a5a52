import type { ObjectWriter, Store } from "#t4/store/store.js";

/** What is done before each write of a store; it may throw. */
export type BeforeWrite = (what: string, key: string) => Promise<void>;

/** A store that tells of each write before it does it. */
export function watchedStore(store: Store, before: BeforeWrite): Store {
  return {
    ...store,
    async put(key, bytes, options) {
      await before("put", key);
      return store.put(key, bytes, options);
    },
    createWriter(): ObjectWriter {
      const writer = store.createWriter();
      return {
        ...writer,
        async finish(key, mode) {
          await before("finish", key);
          return writer.finish(key, mode);
        },
      };
    },
    async delete(key, options) {
      await before("delete", key);
      return store.delete(key, options);
    },
    async moveIfOlder(key, to, beforeMs) {
      await before("move", key);
      return store.moveIfOlder(key, to, beforeMs);
    },
    async deleteIfOlder(key, beforeMs) {
      await before("deleteIfOlder", key);
      return store.deleteIfOlder(key, beforeMs);
    },
  };
}

/** A store of a process that is killed before its write number `at`, from 1 on; after that it does nothing more. */
export function dyingStore(store: Store, at: number): Store {
  let writes = 0;
  return watchedStore(store, async (what, key) => {
    if (++writes >= at) throw new Error(`killed before ${what} ${key}`);
  });
}
