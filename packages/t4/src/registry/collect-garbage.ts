import { mapConcurrent } from "../base/concurrency.js";
import { T4Error } from "../base/errors.js";
import { foldKey } from "../format/portable-key.js";
import { MANIFESTS, OBJECTS, OPERATIONS, STATE, TEMPORARY } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import type { ListedObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { namedByOperations, pointedManifests, recordsOlder, unknowable } from "./garbage-roots.js";
import { readManifest } from "./manifests.js";
import { lastPartOf } from "./object-key.js";
import { withOwnDirectories } from "./own-directories.js";
import { listPackages } from "./pointers.js";

/** Options of `Registry.collectGarbage`. */
export interface CollectGarbageOptions {
  /** Only says what would be removed. Default `true`. */
  readonly dryRun?: boolean;
  /**
   * What was written or used later than so many milliseconds ago stays. Default 7 days. Shorter than the longest push
   * that may be running, it takes that push's bytes away. In a bucket data stays a day longer, as its use is only marked
   * when it was written or marked more than a day ago.
   */
  readonly graceMs?: number;
  /**
   * Also removes what only stays because an operation can be undone, such as the data of removed revisions. No operation older
   * than `graceMs` can be undone then, of any package. Default `false`.
   */
  readonly forgetUndo?: boolean;
  /** Aborts; what was removed by then was garbage, and the next run goes on. */
  readonly signal?: AbortSignal;
}

/** What a garbage collection removed, or would remove. */
export interface GarbageReport {
  /** Whether nothing was removed. */
  readonly dryRun: boolean;
  /** Keys of the manifests, relative to the registry. */
  readonly manifests: readonly string[];
  /** Keys of the objects, abandoned temporary files and records of operations, relative to the registry. */
  readonly objects: readonly string[];
  /** Keys of uploads into packages that were begun and never ended, in a bucket. */
  readonly uploads: readonly string[];
  /** Bytes of all of them but the uploads, whose parts nobody counts. */
  readonly bytes: number;
  /** What only stays because an operation of the last 90 days can be undone. */
  readonly keptForUndo: KeptForUndo;
}

/** What a garbage collection leaves for `undo`. */
export interface KeptForUndo {
  /** Revisions that are in no package's history any more. */
  readonly revisions: number;
  /** Bytes of their manifests, and of the objects that no other revision needs. */
  readonly bytes: number;
  /** When the last of them can no longer be brought back; `undefined` when there is none. */
  readonly until: Date | undefined;
}

const GRACE_MS = 7 * 24 * 3600 * 1000;

/** What was found out before the first removal. */
interface Known {
  /** Manifests that stay. */
  readonly live: ReadonlySet<string>;
  /** Records that are too old for an undo. */
  readonly oldRecords: ReadonlySet<string>;
  /** Names of the objects that manifests refer to, for all that were looked at. */
  readonly used: Set<string>;
  /** What stays for an undo alone. */
  readonly undoable: Undoable;
}

/** What stays for an undo alone. */
interface Undoable {
  revisions: number;
  bytes: number;
  /** Milliseconds since 1970. */
  until: number;
  /** Names of the objects of these revisions, of which others may need some as well. */
  readonly objects: Set<string>;
}

/**
 * Removes manifests that no pointer and no operation of the last 90 days names, objects that no remaining manifest
 * names, abandoned temporary files, and records of older operations.
 *
 * Whatever a running push writes or uses again is younger than the grace period and stays. Breaking off at any point
 * is safe; the next run goes on. All pointers, records and manifests are read first: where one cannot be, nothing is
 * known to be garbage, and nothing is removed.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when a pointer, record or manifest is damaged, or a pointer's manifest gone,
 * `ERR_T4_CONFLICT` when an operation goes on that was to be forgotten, `ERR_T4_USAGE` for options of another type,
 * `ERR_T4_UNSAFE` when a directory of the registry is a link: what is behind it may be anybody's.
 */
export async function collectGarbage(
  registry: RegistryContext,
  options: CollectGarbageOptions = {},
): Promise<GarbageReport> {
  const { dryRun = true, graceMs = GRACE_MS, forgetUndo = false, signal } = options;
  requireTypes(dryRun, graceMs);
  const context = await withOwnDirectories(registry);
  const before = context.clock.now() - graceMs;
  const forgotten = forgetUndo ? await recordsOlder(context, { before, signal }) : [];
  const { live, oldRecords, used, undoable } = await lookAtAll(context, { forgotten, signal });
  // Before what they name: an undo must find all of it, or no record.
  if (!dryRun) await forget(context, { forgotten, before });
  const collected = async (
    prefix: string,
    isNeeded: (object: ListedObject) => boolean,
    olderThan = before,
  ): Promise<ListedObject[]> => {
    const removed: ListedObject[] = [];
    for await (const object of context.store.list(prefix, { signal })) {
      if (!("key" in object) || isNeeded(object) || object.modifiedMs > olderThan) continue;
      if (!dryRun && !(await context.store.deleteIfOlder(object.key, olderThan))) continue;
      removed.push(object);
    }
    return removed;
  };
  const manifests = await collected(MANIFESTS, ({ key }) => live.has(key));
  await lookAtNew(context, { seen: new Set([...live, ...manifests.map(({ key }) => key)]), used, signal });
  const isNeededObject = ({ key, size }: ListedObject): boolean => {
    const isUndoable = !used.has(nameOf(key)) && undoable.objects.has(nameOf(key));
    if (isUndoable) undoable.bytes += size;
    return isUndoable || used.has(nameOf(key));
  };
  const objects = await collected(OBJECTS, isNeededObject, before - (context.store.unmarkedMs ?? 0));
  const temporary = await collected(TEMPORARY, () => false);
  const records = [...forgotten, ...(await collected(OPERATIONS, ({ key }) => !oldRecords.has(key)))];
  const uploads = await dropUploads(context, { before, dryRun, signal });
  const removed = [...manifests, ...objects, ...temporary, ...records];
  return {
    dryRun,
    manifests: manifests.map(({ key }) => key),
    objects: [...objects, ...temporary, ...records].map(({ key }) => key),
    uploads,
    bytes: removed.reduce((sum, { size }) => sum + size, 0),
    keptForUndo: keptFor(undoable),
  };
}

/** What is no number would count as a grace of none, and take its bytes from a push that is running. */
function requireTypes(dryRun: unknown, graceMs: unknown): void {
  const isGrace = typeof graceMs === "number" && graceMs >= 0;
  if (isGrace && typeof dryRun === "boolean") return;
  const [option, expected, got] = isGrace
    ? ["dryRun", "true or false", dryRun]
    : ["graceMs", "milliseconds, 0 or more", graceMs];
  throw new T4Error(
    "ERR_T4_USAGE",
    `Expected ${expected} as ${option}, got ${got === "" ? "an empty text" : String(got)}.`,
    {
      hint: "Leave it out for the default.",
      facts: { option },
    },
  );
}

function keptFor({ revisions, bytes, until }: Undoable): KeptForUndo {
  return { revisions, bytes, until: revisions === 0 ? undefined : new Date(until) };
}

/** Drops uploads of pushes that died; those of other programs, which may go on for weeks, are left alone. */
async function dropUploads(
  context: RegistryContext,
  {
    before,
    dryRun,
    signal,
  }: { readonly before: number; readonly dryRun: boolean; readonly signal: AbortSignal | undefined },
): Promise<string[]> {
  const { uploads } = context.store;
  const dropped: string[] = [];
  if (uploads === undefined) return dropped;
  const packages = new Set<string>();
  for await (const name of listPackages(context, signal)) packages.add(name);
  for await (const upload of uploads.list({ signal })) {
    const { key, startedMs } = upload;
    const isOurs = key.startsWith(MANIFESTS) || key.startsWith(STATE) || packages.has(key.split("/", 2).join("/"));
    if (!isOurs || startedMs > before) continue;
    if (!dryRun) await uploads.drop(upload);
    dropped.push(key);
  }
  return dropped;
}

/** @throws {@link T4Error} `ERR_T4_CONFLICT` where an operation goes on meanwhile: what it names is still needed. */
async function forget(
  { store }: RegistryContext,
  { forgotten, before }: { readonly forgotten: readonly ListedObject[]; readonly before: number },
): Promise<void> {
  for (const { key } of forgotten) {
    if (await store.deleteIfOlder(key, before)) continue;
    throw new T4Error("ERR_T4_CONFLICT", `The operation of the record ${key} goes on, or somebody else forgot it.`, {
      hint: "No data was removed. Run t4 gc again.",
      facts: { key },
    });
  }
}

/** Manifests that are read at once. */
const MANIFESTS_AT_ONCE = 8;

async function lookAtAll(
  context: RegistryContext,
  { forgotten, signal }: { readonly forgotten: readonly ListedObject[]; readonly signal: AbortSignal | undefined },
): Promise<Known> {
  const pointed = await pointedManifests(context, signal);
  const { named, oldRecords } = await namedByOperations(context, {
    forgotten: new Set(forgotten.map(({ key }) => key)),
    signal,
  });
  const live = new Set<string>();
  const used = new Set<string>();
  const undoable: Undoable = { revisions: 0, bytes: 0, until: 0, objects: new Set() };
  const look = async ({ key, size }: ListedObject): Promise<void> => {
    const topHash = key.slice(MANIFESTS.length);
    if (!isTopHash(topHash)) {
      live.add(key);
      return;
    }
    const undoableUntil = pointed.has(topHash) ? undefined : named.get(topHash);
    const isLive = pointed.has(topHash) || undoableUntil !== undefined;
    if (isLive) live.add(key);
    if (undoableUntil !== undefined) {
      undoable.revisions++;
      undoable.bytes += size;
      undoable.until = Math.max(undoable.until, undoableUntil);
    }
    // Read also when it is garbage: one that is damaged is for a person to look at first.
    const garbage = new Set<string>();
    await gatherObjects(context, topHash, undoableUntil === undefined ? (isLive ? used : garbage) : undoable.objects);
    pointed.delete(topHash);
  };
  for await (const _ of mapConcurrent(manifestsIn(context, signal), look, { concurrency: MANIFESTS_AT_ONCE, signal }));
  for (const [topHash, key] of pointed) throw gone(topHash, key);
  return { live, oldRecords, used, undoable };
}

/**
 * Manifests that are too young to be removed may be those of pushes about to commit; others were written or used again
 * since. Their objects may be older.
 */
async function lookAtNew(
  context: RegistryContext,
  known: { readonly seen: ReadonlySet<string>; readonly used: Set<string>; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { seen, used, signal } = known;
  const look = async ({ key }: ListedObject): Promise<void> => {
    const topHash = key.slice(MANIFESTS.length);
    if (!seen.has(key) && isTopHash(topHash)) await gatherObjects(context, topHash, used);
  };
  for await (const _ of mapConcurrent(manifestsIn(context, signal), look, { concurrency: MANIFESTS_AT_ONCE, signal }));
}

async function* manifestsIn(
  context: RegistryContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedObject, void, undefined> {
  for await (const item of context.store.list(MANIFESTS, { signal })) {
    signal?.throwIfAborted();
    if ("key" in item) yield item;
  }
}

/**
 * Adds the names of all objects that a manifest refers to. An object counts by its name, which is its content's hash: the
 * paths before it differ with the mount or link through which somebody pushed, or where the registry lay then.
 */
async function gatherObjects(context: RegistryContext, topHash: TopHash, used: Set<string>): Promise<void> {
  try {
    const manifest = await readManifest(context, topHash);
    try {
      for (const { physicalKeys } of manifest.run.entries())
        for (const url of physicalKeys) used.add(foldKey(lastPartOf(url)));
    } finally {
      manifest.close();
    }
  } catch (error) {
    if (!(error instanceof T4Error)) throw error;
    const key = MANIFESTS + topHash;
    throw unknowable(`the manifest ${key} cannot be read (${error.message})`, key, error);
  }
}

/** As {@link foldKey}: file systems that fold case give a name back in another one. */
function nameOf(key: string): string {
  return foldKey(key.slice(key.lastIndexOf("/") + 1));
}

function gone(topHash: TopHash, key: string): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `Nothing was removed: the pointer ${key} names the revision ${topHash}, whose manifest is gone, so what it needs is not known.`,
    {
      hint: "Push that revision again, or give it up: t4 rm <author>/<package>@<top hash> --yes. t4 fsck shows all of them.",
      facts: { key, topHash },
    },
  );
}
