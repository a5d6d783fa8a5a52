import { join } from "node:path";
import { ioError } from "../../base/io-error.js";
import type { ObjectWriter, Store } from "../store.js";

/** The same store, in the directory `root`, whose failing system calls say what it was doing, where, and what to do next. */
export function explained(root: string, store: Store): Store {
  const saying = async <Result>(doing: string, key: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw ioError(`${doing} ${join(root, key)}`, error);
    }
  };
  return {
    ...store,
    get: (key, options) => saying("read", key, () => store.get(key, options)),
    head: (key, options) => saying("look at", key, () => store.head(key, options)),
    put: (key, bytes, options) => saying("write", key, () => store.put(key, bytes, options)),
    createWriter: () => explainedWriter(store.createWriter(), saying),
    touch: (key) => saying("touch", key, () => store.touch(key)),
    delete: (key, options) => saying("remove", key, () => store.delete(key, options)),
    deleteIfOlder: (key, beforeMs) => saying("remove", key, () => store.deleteIfOlder(key, beforeMs)),
    moveIfOlder: (key, to, beforeMs) => saying("move", key, () => store.moveIfOlder(key, to, beforeMs)),
    async *list(prefix, options) {
      try {
        yield* store.list(prefix, options);
      } catch (error) {
        throw ioError(`list ${join(root, prefix)}`, error);
      }
    },
  };
}

function explainedWriter(
  writer: ObjectWriter,
  saying: <Result>(doing: string, key: string, work: () => Promise<Result>) => Promise<Result>,
): ObjectWriter {
  return {
    write(chunk) {
      try {
        writer.write(chunk);
      } catch (error) {
        throw ioError("write a temporary file", error);
      }
    },
    finish: (key, mode) => saying("write", key, () => writer.finish(key, mode)),
    discard: () => writer.discard(),
  };
}
