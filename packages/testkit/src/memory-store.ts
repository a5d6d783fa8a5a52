import { hash } from "node:crypto";
import type { Listed, ListOptions, Note, Store, Version } from "../../t4/lib/store/store.js";

interface Held {
  readonly bytes: Uint8Array;
  readonly version: Version;
  readonly note: Note | undefined;
  readonly modifiedMs: number;
}

/** A store in memory, the second of its kind beside folders; it keeps every promise of a store but durability. */
export function memoryStore(url = "memory://"): Store {
  const objects = new Map<string, Held>();
  return {
    url,
    async get(key, { range, signal } = {}) {
      signal?.throwIfAborted();
      const held = objects.get(key);
      if (held === undefined) return undefined;
      return { bytes: held.bytes.slice(...(range ?? [])), version: held.version, note: held.note };
    },
    async head(key) {
      const held = objects.get(key);
      return held === undefined ? undefined : { key, size: held.bytes.length, modifiedMs: held.modifiedMs };
    },
    async put(key, bytes, { mode = "overwrite", note, signal } = {}) {
      signal?.throwIfAborted();
      const present = objects.get(key)?.version;
      if (mode === "create" ? present !== undefined : mode !== "overwrite" && present !== mode.replaces)
        return { written: false };
      const version = hash("sha256", bytes) as Version;
      objects.set(key, { bytes: bytes.slice(), version, note, modifiedMs: Date.now() });
      return { written: true, version };
    },
    createWriter() {
      const chunks: Uint8Array[] = [];
      return {
        write: (chunk) => void chunks.push(chunk.slice()),
        finish: async (key, mode) => (await this.put(key, Buffer.concat(chunks), { mode })).written,
        discard: () => Promise.resolve(),
      };
    },
    async touch(key) {
      const held = objects.get(key);
      if (held !== undefined) objects.set(key, { ...held, modifiedMs: Date.now() });
      return held !== undefined;
    },
    async delete(key, { replaces, signal } = {}) {
      signal?.throwIfAborted();
      if (replaces !== undefined && objects.get(key)?.version !== replaces) return false;
      objects.delete(key);
      return true;
    },
    async deleteIfOlder(key, beforeMs) {
      return (objects.get(key)?.modifiedMs ?? Number.POSITIVE_INFINITY) <= beforeMs && objects.delete(key);
    },
    async moveIfOlder(key, to, beforeMs) {
      const held = objects.get(key);
      if (held === undefined || held.modifiedMs > beforeMs || objects.has(to)) return false;
      objects.set(to, held);
      return objects.delete(key);
    },
    list: (prefix, options = {}) => listHeld(objects, { prefix, ...options }),
  };
}

async function* listHeld(
  objects: ReadonlyMap<string, Held>,
  options: ListOptions & { readonly prefix: string },
): AsyncGenerator<Listed, void, undefined> {
  const { prefix, delimiter, signal } = options;
  signal?.throwIfAborted();
  let lastPrefix = "";
  for (const key of [...objects.keys()].filter((name) => name.startsWith(prefix)).sort()) {
    const slash = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    if (slash === -1) {
      const held = objects.get(key);
      if (held !== undefined) yield { key, size: held.bytes.length, modifiedMs: held.modifiedMs };
    } else if (lastPrefix !== key.slice(0, slash + 1)) {
      lastPrefix = key.slice(0, slash + 1);
      yield { prefix: lastPrefix };
    }
  }
}
