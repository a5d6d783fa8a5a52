import { mapConcurrent } from "../base/concurrency.js";
import { isT4Error, systemCode } from "../base/errors.js";
import { isSystemError } from "../base/io-error.js";
import type { ObjectHash } from "../format/entry.js";
import { OBJECTS } from "../format/registry-layout.js";
import { hashPieces } from "../hash/hash-pieces.js";
import { DEFAULT_HASH, type HashType } from "../hash/hasher.js";
import { isNamedBy, saysHash } from "../hash/object-name.js";
import { hashOfFile } from "../store/file/hash-file.js";
import type { BucketObjects, Listed, ListedObject, ObjectPlace } from "../store/store.js";
import { type Check, type Mended, setAside } from "./fsck-report.js";

/** Objects that are read at once, where each comes over a network. */
const READS_AT_ONCE = 4;

/** What is known of the registry's own objects, which are named by their hash. */
export interface ObjectsCheck {
  /** Whether an object was read and is not what its name says. */
  isDamaged(key: string): boolean;
  /** Why an object could not be read, where it was tried and failed. */
  whyUnread(key: string): string | undefined;
  /** Whether an object's name is that hash: then reading it once was enough. */
  isNamedBy(key: string, hash: ObjectHash): boolean;
  /** Sets an object aside that is not what its name says; what others rely on by that name stays. */
  setAsideIfDamaged(key: string): Promise<Mended>;
  /** Reports damaged and unreadable objects that nobody asked about. */
  reportUnused(): Promise<void>;
}

/** With `readData`, reads each object once, however many revisions refer to it. */
export async function checkObjects(check: Check): Promise<ObjectsCheck> {
  const { store } = check.context;
  const damaged = new Map<string, ListedObject>();
  const unread = new Map<string, string>();
  const asked = new Set<string>();
  if (check.readData === true) {
    const concurrency = store.localPath === undefined ? READS_AT_ONCE : 1;
    const look = async (item: Listed): Promise<void> => {
      check.signal?.throwIfAborted();
      if (!("key" in item)) return;
      const found = await compare(check, item);
      if (found === "other") damaged.set(item.key, item);
      else if (found !== "same") unread.set(item.key, found.unread);
    };
    for await (const _ of mapConcurrent(store.list(OBJECTS, { signal: check.signal }), look, { concurrency }));
  }
  return {
    isDamaged(key) {
      asked.add(key);
      return damaged.has(key);
    },
    whyUnread(key) {
      asked.add(key);
      return unread.get(key);
    },
    isNamedBy: (key, hash) => hash.type === DEFAULT_HASH && isNamedBy(key, hash.value),
    async setAsideIfDamaged(key) {
      asked.add(key);
      if (check.repair !== true || !key.startsWith(OBJECTS)) return "left";
      const found = damaged.get(key) ?? (await store.head(key));
      if (found === undefined || (!damaged.has(key) && (await compare(check, found)) !== "other")) return "left";
      const mended = await setAside(check, found);
      // The next revision that needs it finds it missing.
      if (mended === "mended") damaged.delete(key);
      return mended;
    },
    async reportUnused() {
      for (const [key, found] of damaged) {
        if (asked.has(key)) continue;
        const message = "The object holds other bytes than its name says; no revision needs it.";
        check.report("E_OBJECT_HASH", { where: key, message, mended: await setAside(check, found) });
      }
      for (const [key, why] of unread) {
        if (asked.has(key)) continue;
        check.report("E_OBJECT_MISSING", { where: key, message: `The object cannot be read (${why}).` });
      }
    },
  };
}

/** What reading an object showed: the bytes that its name says, others, or why it cannot be read. */
type Compared = "same" | "other" | { readonly unread: string };

/** Compares an object with the hash that is its name; one that just went is missed by who needs it. */
async function compare({ context, signal }: Check, { key, size }: ListedObject): Promise<Compared> {
  const { store } = context;
  const { inBucket } = store;
  const verdict = (hash: string): Compared => (isNamedBy(key, hash) ? "same" : "other");
  if (!saysHash(key)) return "same";
  if (inBucket !== undefined) {
    const object = { key: inBucket.keyOf(key), size };
    return verdict(await hashOfObject(inBucket, object, { type: DEFAULT_HASH, signal }));
  }
  const path = store.localPath?.(key);
  if (path === undefined) return "same";
  try {
    return verdict(await hashOfFile(path, DEFAULT_HASH, signal));
  } catch (error) {
    // A link or a pipe in its place is not what its name says; what cannot be read may be.
    if (isT4Error(error, "ERR_T4_INTEGRITY")) return "other";
    if (systemCode(error) === "ENOENT") return "same";
    if (isSystemError(error)) return { unread: error.message };
    throw error;
  }
}

/** The hash of an object in a bucket, as manifests have it; one that is shorter has another. */
export async function hashOfObject(
  inBucket: BucketObjects,
  { size, ...place }: ObjectPlace & { readonly size: number },
  { type, signal }: { readonly type: HashType; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const read = async (start: number, end: number): Promise<Uint8Array> =>
    (await inBucket.read(place, { range: [start, end], signal })) ?? new Uint8Array(0);
  return hashPieces({ size, read }, type, signal);
}
