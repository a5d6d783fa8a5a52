import { extname, join } from "node:path";
import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry, ObjectHash } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import { type HashType, isHashType } from "../hash/hasher.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { Expected, FileJob, JobResult, Source } from "../transfer/file-job.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import { objectName, useObject } from "../transfer/run-job.js";
import type { StatCache } from "../transfer/stat-cache.js";
import { isAllowed, localPathOf } from "./file-access.js";
import { isPending, type PackageState } from "./package-state.js";
import { trackProgress } from "./track-progress.js";

/** The hash that new entries get. */
export const DEFAULT_HASH: HashType = "sha2-256-chunked";

/** Where bytes are stored. */
export interface StorePlace {
  readonly objects: string;
  readonly temporary: string;
  /** Directory of the registry: what lies below it already stays where it is. */
  readonly root: string;
}

/** How entries are made ready for a manifest. */
export interface ResolveOptions extends LongOperationOptions {
  /** Whether an entry's bytes are copied into `place`; absent: all stay where they are. */
  readonly isCopied?: (entry: Entry) => boolean;
  readonly place?: StorePlace;
  readonly cache?: StatCache;
}

interface Item {
  readonly entry: Entry;
  /** What the entry was in the revision that the package stands on. */
  readonly former: Entry | undefined;
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
): AsyncGenerator<Entry, void, undefined> {
  const progress = trackProgress(options.place === undefined ? "hash" : "copy", options.onProgress);
  const resolved = new Map<Item, Entry>();
  const jobOf = (item: Item): FileJob | undefined => {
    const ready = readyEntry(item, state, options);
    if (ready === undefined) return jobFor(item, state, options);
    resolved.set(item, ready);
    return undefined;
  };
  const jobOptions = { signal: options.signal };
  for await (const batch of runFileJobs(itemsOf(state), jobOf, jobOptions)) {
    for (const { item, result } of batch) {
      yield result === undefined ? (resolved.get(item) as Entry) : finish(item, result, options);
      resolved.delete(item);
      progress.add(1, result?.size ?? 0);
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

/** The entry as it will be when nothing has to be read for it. */
function readyEntry(item: Item, state: PackageState, options: ResolveOptions): Entry | undefined {
  const { entry, former } = item;
  const { place } = options;
  if (place === undefined || options.isCopied?.(entry) === false) {
    return entry.hash !== null && keepsType(entry.hash, former) && entry.content === undefined
      ? plain(entry)
      : undefined;
  }
  if (!isPending(entry) && !entry.physicalKeys[0]?.startsWith("file:")) return requireBuilt(entry);
  if (!isPending(entry) && isAllowed(localPathOf(entry, state.access), { roots: [place.root] }))
    return requireBuilt(entry);
  if (entry.hash?.type !== DEFAULT_HASH || !keepsType(entry.hash, former) || typeof entry.size !== "number")
    return undefined;
  const objectPath = join(place.objects, objectName(entry.hash.value, extensionOf(entry)));
  return useObject(objectPath, entry.size) ? plain({ ...entry, physicalKeys: [fileUrl(objectPath)] }) : undefined;
}

function requireBuilt(entry: Entry): Entry {
  if (entry.hash !== null) return entry;
  throw new T4Error(
    "ERR_T4_FORMAT",
    `The entry ${JSON.stringify(entry.logicalKey)} has no hash, and its bytes cannot be read here.`,
  );
}

/** Whether an entry's hash is of the type that it had: else it must be read to see whether it changed. */
function keepsType(hash: ObjectHash, former: Entry | undefined): boolean {
  return former?.hash == null || former.hash.type === hash.type || !isHashType(former.hash.type);
}

function jobFor(item: Item, state: PackageState, options: ResolveOptions): FileJob {
  const { entry, former } = item;
  const source: Source =
    entry.content === undefined
      ? { path: localPathOf(entry, state.access), stamp: entry.stamp }
      : { content: entry.content };
  const formerType = former?.hash?.type ?? "";
  const types = isHashType(formerType) && formerType !== DEFAULT_HASH ? [DEFAULT_HASH, formerType] : [DEFAULT_HASH];
  const { place } = options;
  if (place === undefined || options.isCopied?.(entry) === false) {
    return requireOnDisk(entry, { kind: "hash", source, types });
  }
  const expected = expectationOf(entry);
  const target = { objects: place.objects, temporary: place.temporary, extension: extensionOf(entry) };
  return { kind: "store", source, types, ...target, expected };
}

function requireOnDisk(entry: Entry, job: FileJob): FileJob {
  if (entry.content === undefined) return job;
  throw new T4Error(
    "ERR_T4_USAGE",
    `The bytes of ${JSON.stringify(entry.logicalKey)} are only in memory and cannot stay where they are.`,
    {
      hint: "Build with snapshot: true, or push, so that they are stored.",
      facts: { logicalKey: entry.logicalKey },
    },
  );
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

function finish(item: Item, result: JobResult, options: ResolveOptions): Entry {
  const { entry, former } = item;
  const hash = hashAfter(entry, { result, former });
  if (options.cache !== undefined && entry.stamp !== undefined && result.stamp !== undefined) {
    const known = { type: DEFAULT_HASH, value: result.values[DEFAULT_HASH] ?? "" };
    options.cache.record(pathOf(entry), { stamp: result.stamp, hash: known, hashedAtMs: result.readAtMs });
  }
  const physicalKeys = result.objectPath === undefined ? entry.physicalKeys : [fileUrl(result.objectPath)];
  return plain({ ...entry, size: result.size, hash, physicalKeys });
}

function pathOf(entry: Entry): string {
  return localPathOf(entry, { roots: "any" });
}

/** An entry keeps its hash object while its bytes are the same; new bytes get the default type. */
function hashAfter(
  entry: Entry,
  after: { readonly result: JobResult; readonly former: Entry | undefined },
): ObjectHash {
  const { values, size } = after.result;
  for (const { hash, size: known } of [entry, after.former ?? entry]) {
    if (hash !== null && known === size && isHashType(hash.type) && values[hash.type] === hash.value) return hash;
  }
  return { type: DEFAULT_HASH, value: values[DEFAULT_HASH] ?? "" };
}

/** An entry as manifests have it: without what only `set` knew. */
function plain({ logicalKey, physicalKeys, size, hash, meta }: Entry): Entry {
  return { logicalKey, physicalKeys, size, hash, meta };
}
