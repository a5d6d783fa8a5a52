import { extname, join } from "node:path";
import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry, ObjectHash } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import { type HashType, isHashType } from "../hash/hasher.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { Expected, FileJob, JobResult, Source } from "../transfer/file-job.js";
import { objectName, useObject } from "../transfer/object-file.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import { localPathOf } from "./file-access.js";
import type { PackageState } from "./package-state.js";
import { ownKeyOf, type StorePlace, staysInPlace } from "./store-place.js";
import { trackProgress } from "./track-progress.js";

/** The hash that new entries get. */
export const DEFAULT_HASH: HashType = "sha2-256-chunked";

/** How entries are made ready for a manifest. */
export interface ResolveOptions extends LongOperationOptions {
  /** Where bytes are copied; absent: all stay where they are. */
  readonly place?: StorePlace;
}

/** An entry as it was set, and as it enters a manifest. */
export interface ResolvedEntry {
  readonly entry: Entry;
  readonly resolved: Entry;
}

interface Item {
  readonly entry: Entry;
  /** What the entry was in the revision that the package stands on. */
  readonly former: Entry | undefined;
  /** The entry when nothing has to be read for it. */
  ready?: Entry;
}

/**
 * Yields a package's entries, in order, as they enter a manifest: hashed, and with bytes that lie where they will stay.
 *
 * Reads nothing that is known already: entries of the registry, objects that are there, files of the stat cache. Each
 * file is read once, for its hash and its copy. Memory is bounded by a few batches.
 */
export async function* resolveEntries(
  state: PackageState,
  options: ResolveOptions,
): AsyncGenerator<ResolvedEntry, void, undefined> {
  const { place, signal } = options;
  const phase = place === undefined ? "hash" : "copy";
  const progress = trackProgress(phase, options.onProgress, () => state.tree.entries());
  const jobOf = (item: Item): FileJob | undefined => {
    const stays = place === undefined || staysInPlace(item.entry, place, state);
    item.ready = stays ? builtEntry(item) : storedEntry(item, place);
    if (item.ready !== undefined) return undefined;
    return stays ? hashJob(item, state) : copyJob(item, state, place);
  };
  for await (const batch of runFileJobs(itemsOf(state), jobOf, { signal, onRead: progress.onRead })) {
    for (const { item, result } of batch) {
      const resolved = item.ready ?? finish(item, result as JobResult, state);
      yield { entry: item.entry, resolved };
      progress.done(item.ready?.size);
    }
  }
  progress.end();
}

function* itemsOf(state: PackageState): Generator<Item, void, undefined> {
  const former = state.origin?.entries() ?? [];
  for (const { left, right } of pairEntries(state.tree.entries(), former)) {
    if (left !== undefined) yield { entry: left, former: right };
  }
}

/** An entry whose hash is known already. */
function builtEntry({ entry, former }: Item): Entry | undefined {
  return entry.hash !== null && keepsType(entry.hash, former) ? plain(entry) : undefined;
}

/** An entry whose bytes are known to be among the objects already. */
function storedEntry({ entry, former }: Item, place: StorePlace): Entry | undefined {
  const { hash, size } = entry;
  if (place.dest !== undefined || hash?.type !== DEFAULT_HASH || !keepsType(hash, former)) return undefined;
  const path = join(place.objects, objectName(hash.value, extensionOf(entry)));
  if (typeof size !== "number" || !useObject(path, size)) return undefined;
  return plain({ ...entry, physicalKeys: [fileUrl(path)] });
}

/** Whether an entry's hash is of the type that it had: else it must be read to see whether it changed. */
function keepsType(hash: ObjectHash, former: Entry | undefined): boolean {
  return former?.hash == null || former.hash.type === hash.type || !isHashType(former.hash.type);
}

function hashJob(item: Item, state: PackageState): FileJob {
  return { kind: "hash", source: sourceOf(item.entry, state), types: typesOf(item) };
}

function copyJob(item: Item, state: PackageState, place: StorePlace): FileJob {
  const { entry } = item;
  const source = sourceOf(entry, state);
  const expected = expectationOf(entry);
  const key = ownKeyOf(entry, place);
  if (key !== undefined && expected !== undefined) {
    return { kind: "install", source, expected, root: place.root, key, replaceable: [], isDurable: true };
  }
  const { objects, temporary } = place;
  return { kind: "store", source, types: typesOf(item), expected, objects, temporary, extension: extensionOf(entry) };
}

/** Where an entry's bytes are read. */
export function sourceOf(entry: Entry, { access }: Pick<PackageState, "access">): Source {
  if (entry.content !== undefined) return { content: entry.content };
  return { path: localPathOf(entry, access), stamp: entry.stamp };
}

function typesOf({ former }: Item): readonly HashType[] {
  const type = former?.hash?.type ?? "";
  return isHashType(type) && type !== DEFAULT_HASH ? [DEFAULT_HASH, type] : [DEFAULT_HASH];
}

/** What an entry's bytes must be; `undefined` when its hash is not known or not of a kind that can be computed. */
export function expectationOf({ hash, size }: Entry): Expected | undefined {
  if (hash === null || !isHashType(hash.type) || typeof size !== "number") return undefined;
  return { type: hash.type, value: hash.value, size };
}

/** A file's ending, which tools go by; nothing unusual, since it becomes part of an object's name. */
function extensionOf({ logicalKey }: Entry): string {
  const gz = /\.gz$/i.test(logicalKey) ? extname(logicalKey.slice(0, -3)) : "";
  const extension = gz + extname(logicalKey);
  return /^(?:\.[A-Za-z0-9_-]{1,16}){1,2}$/.test(extension) ? extension : "";
}

function finish(item: Item, result: JobResult, state: PackageState): Entry {
  const { entry } = item;
  if (result.outcome === "kept") throw occupied(entry, result);
  const value = result.values[DEFAULT_HASH];
  if (entry.stamp !== undefined && result.stamp !== undefined && value !== undefined) {
    const path = localPathOf(entry, { roots: "any" });
    state.cache?.record(path, {
      stamp: result.stamp,
      hash: { type: DEFAULT_HASH, value },
      hashedAtMs: result.readAtMs,
    });
  }
  const path = result.path;
  const physicalKeys = path === undefined ? entry.physicalKeys : [fileUrl(path)];
  return plain({ ...entry, size: result.size, hash: hashAfter(item, result), physicalKeys });
}

/** An entry keeps its hash object while its bytes are the same; new bytes get the default type. */
function hashAfter({ entry, former }: Item, { values, size }: JobResult): ObjectHash {
  for (const { hash, size: known } of [entry, former ?? entry]) {
    if (hash !== null && known === size && isHashType(hash.type) && values[hash.type] === hash.value) return hash;
  }
  return { type: DEFAULT_HASH, value: values[DEFAULT_HASH] ?? "" };
}

function occupied({ logicalKey }: Entry, { path = "" }: JobResult): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `Another file than ${JSON.stringify(logicalKey)} is at ${path} already.`, {
    hint: "An older revision may stand on it: it is never overwritten. Push to another dest, or without one.",
    facts: { logicalKey, path },
  });
}

/** An entry as manifests have it: without what only `set` knew. */
function plain({ logicalKey, physicalKeys, size, hash, meta }: Entry): Entry {
  return { logicalKey, physicalKeys, size, hash, meta };
}
