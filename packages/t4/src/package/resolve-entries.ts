import { extname, join } from "node:path";
import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry, ObjectHash } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import { DEFAULT_HASH, type HashType, isHashType } from "../hash/hasher.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { FileJob, JobResult, Source } from "../transfer/file-job.js";
import { addDirectories, flushDirectories } from "../transfer/flush.js";
import { objectName, useObject } from "../transfer/object-file.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import { expectationOf } from "./entry-expectation.js";
import { localPathOf } from "./file-access.js";
import type { PackageState } from "./package-state.js";
import { ownKeyOf, type StorePlace, treatmentOf } from "./store-place.js";
import { trackProgress } from "./track-progress.js";

/** How entries are made ready for a manifest. */
export interface ResolveOptions extends LongOperationOptions {
  /** Where bytes are copied; absent: all stay where they are. */
  readonly place?: StorePlace;
  /** Entries of the revision that is latest in the registry: bytes that it has are there, and cannot go meanwhile. */
  readonly held?: Iterable<Entry>;
}

/** An entry as it was set, and as it enters a manifest. */
export interface ResolvedEntry {
  readonly entry: Entry;
  /** What the entry was in the revision that the package stands on. */
  readonly former: Entry | undefined;
  readonly resolved: Entry;
}

interface Item extends Omit<ResolvedEntry, "resolved"> {
  /** What it is in the revision that is latest in the registry. */
  readonly held: Entry | undefined;
  /** The entry when nothing has to be read for it. */
  ready?: Entry;
}

/**
 * Yields a package's entries, in order, as they enter a manifest: hashed, and with bytes that lie where they will stay.
 *
 * Reads nothing that is known already: entries of the registry, objects that are there, files of the stat cache. Each
 * file is read once, for its hash and its copy. Memory is bounded by a few batches. When the iteration has ended, all names
 * are on the disk, also those of bytes that were there: whoever stored them may be just about to flush them.
 */
export async function* resolveEntries(
  state: PackageState,
  options: ResolveOptions,
): AsyncGenerator<ResolvedEntry, void, undefined> {
  const { place, held = [], signal } = options;
  const phase = place === undefined ? "hash" : "copy";
  const progress = trackProgress(phase, options.onProgress, () => state.tree.entries());
  const found = new Set<string>();
  const jobOf = (item: Item): FileJob | undefined => {
    const treatment = place === undefined ? "stay" : treatmentOf(item.entry, place, { ...state, held: item.held });
    if (place === undefined || treatment === "stay") {
      item.ready = builtEntry(item);
      return item.ready === undefined ? hashJob(item, state) : undefined;
    }
    item.ready = treatment === "reuse" ? reusedEntry(item) : storedEntry(item, place, found);
    return item.ready === undefined ? copyJob(item, state, place) : undefined;
  };
  for await (const batch of runFileJobs(itemsOf(state, held), jobOf, { signal, onDone: progress.onDone })) {
    for (const { item, result } of batch) {
      const { entry, former } = item;
      if (place !== undefined && result?.outcome === "already" && result.path !== undefined)
        addDirectories(found, { path: result.path, root: place.root });
      yield { entry, former, resolved: item.ready ?? finish(item, result as JobResult, state) };
      if (result === undefined) progress.known(item.ready?.size);
    }
  }
  flushDirectories(found);
  progress.end();
}

function* itemsOf({ tree, origin }: PackageState, held: Iterable<Entry>): Generator<Item, void, undefined> {
  const formers = pairEntries(tree.entries(), origin?.entries() ?? []);
  for (const { left, right } of pairEntries(formers, held)) {
    if (left?.left !== undefined) yield { entry: left.left, former: left.right, held: right };
  }
}

/** An entry whose hash is known already. */
function builtEntry({ entry, former }: Item): Entry | undefined {
  return entry.hash !== null && keepsType(entry.hash, former) ? plain(entry) : undefined;
}

/** An entry whose bytes the latest revision in the registry has. */
function reusedEntry({ entry, former, held }: Item): Entry | undefined {
  if (held === undefined || entry.hash === null || !keepsType(entry.hash, former)) return undefined;
  return plain({ ...entry, physicalKeys: held.physicalKeys });
}

/** An entry whose bytes are known to be among the objects already; their directories are added to `found`. */
function storedEntry({ entry, former }: Item, place: StorePlace, found: Set<string>): Entry | undefined {
  const { hash, size } = entry;
  if (place.dest !== undefined || hash?.type !== DEFAULT_HASH || !keepsType(hash, former)) return undefined;
  const path = join(place.objects, objectName(hash.value, extensionOf(entry)));
  if (typeof size !== "number" || !useObject(path, size)) return undefined;
  addDirectories(found, { path, root: place.objects });
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
    return { kind: "install", source, expected, root: place.root, key, replaceable: [] };
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

/** A file's ending, which tools go by; nothing unusual, since it becomes part of an object's name. */
function extensionOf({ logicalKey }: Entry): string {
  const gz = /\.gz$/i.test(logicalKey) ? extname(logicalKey.slice(0, -3)) : "";
  const extension = gz + extname(logicalKey);
  return /^(?:\.[A-Za-z0-9_-]{1,16}){1,2}$/.test(extension) ? extension : "";
}

function finish(item: Item, result: JobResult, state: PackageState): Entry {
  const { entry } = item;
  if (result.outcome === "kept") throw occupied(entry, result);
  if (entry.stamp !== undefined) recordHash(entry, result, state);
  const path = result.path;
  const physicalKeys = path === undefined ? entry.physicalKeys : [fileUrl(path)];
  return plain({ ...entry, size: result.size, hash: hashAfter(item, result), physicalKeys });
}

function recordHash({ logicalKey }: Entry, { stamp, values, readAtMs }: JobResult, { scanned }: PackageState): void {
  const value = values[DEFAULT_HASH];
  if (scanned === undefined || stamp === undefined || value === undefined || !logicalKey.startsWith(scanned.prefix))
    return;
  scanned.scan.record(logicalKey.slice(scanned.prefix.length), { stamp, value, hashedAtMs: readAtMs });
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
