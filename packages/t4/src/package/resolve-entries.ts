import type { LongOperationOptions } from "../base/progress.js";
import type { Entry, ObjectHash } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import { DEFAULT_HASH, isHashType } from "../hash/hasher.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { Job, JobResult } from "../transfer/file-job.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import type { PackageState } from "./package-state.js";
import type { Incoming, StorePlace } from "./places/data-place.js";
import { builtEntry, hashJob, plain } from "./places/entry-job.js";
import { occupied } from "./places/occupied.js";
import { trackProgress } from "./track-progress.js";

/** What decides what becomes of an entry's bytes. */
type Taker = Pick<StorePlace, "plan" | "flushFound">;

/** How entries are made ready for a manifest. */
export interface ResolveOptions extends LongOperationOptions {
  /** Where bytes are copied; absent: all stay where they are. */
  readonly place?: Taker;
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

interface Item extends Incoming {
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
  const { place = NOWHERE, held = [], signal } = options;
  const phase = place === NOWHERE ? "hash" : "copy";
  const progress = trackProgress(phase, options.onProgress, () => state.tree.entries());
  const jobOf = (item: Item): Job | undefined => {
    const plan = place.plan(item, state);
    if ("job" in plan) return plan.job;
    item.ready = plan.ready;
    return undefined;
  };
  for await (const batch of runFileJobs(itemsOf(state, held), jobOf, { signal, onDone: progress.onDone })) {
    for (const { item, result } of batch) {
      const { entry, former } = item;
      yield { entry, former, resolved: item.ready ?? finish(item, result as JobResult, state) };
      if (result === undefined) progress.known(item.ready?.size);
    }
  }
  place.flushFound();
  progress.end();
}

function* itemsOf({ tree, origin }: PackageState, held: Iterable<Entry>): Generator<Item, void, undefined> {
  const formers = pairEntries(tree.entries(), origin?.tree.entries() ?? []);
  for (const { left, right } of pairEntries(formers, held)) {
    if (left?.left !== undefined) yield { entry: left.left, former: left.right, held: right };
  }
}

/** Bytes stay where they are; only their hash is wanted. */
const NOWHERE: Taker = {
  plan(incoming, state) {
    const ready = builtEntry(incoming);
    return ready === undefined ? { job: hashJob(incoming, state) } : { ready };
  },
  flushFound: () => undefined,
};

function finish(item: Item, result: JobResult, state: PackageState): Entry {
  const { entry } = item;
  if (result.outcome === "kept") throw occupied(entry, { path: result.path ?? "" });
  if (entry.stamp !== undefined) recordHash(entry, result, state);
  const { path, url = path && fileUrl(path) } = result;
  const physicalKeys = url === undefined ? entry.physicalKeys : [url];
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
