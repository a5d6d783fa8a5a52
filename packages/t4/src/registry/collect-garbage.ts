import { T4Error } from "../base/errors.js";
import { isPointerName } from "../format/pointer.js";
import { MANIFESTS, OBJECTS, OPERATIONS, POINTERS, STATE } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import type { ListedObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { readManifest } from "./manifests.js";
import { objectKeyOf } from "./object-key.js";
import { listOperations } from "./operations.js";
import { topHashAt } from "./read-quietly.js";

/** Options of `Registry.collectGarbage`. */
export interface CollectGarbageOptions {
  /** Only says what would be removed. Default `true`. */
  readonly dryRun?: boolean;
  /**
   * What was written or used later than so many milliseconds ago stays. Default 7 days. Shorter than the longest push
   * that may be running, it takes that push's bytes away.
   */
  readonly graceMs?: number;
  /** Aborts; what was removed by then was garbage, and the next run goes on. */
  readonly signal?: AbortSignal;
}

/** What a garbage collection removed, or would remove. */
export interface GarbageReport {
  /** Whether nothing was removed. */
  readonly dryRun: boolean;
  /** Keys of the manifests, relative to the registry. */
  readonly manifests: readonly string[];
  /** Keys of the objects and abandoned temporary files, relative to the registry. */
  readonly objects: readonly string[];
  /** Bytes of all of them. */
  readonly bytes: number;
}

const GRACE_MS = 7 * 24 * 3600 * 1000;

/**
 * Removes manifests that no pointer and no operation of the last 90 days names, then objects and abandoned temporary
 * files that no remaining manifest needs.
 *
 * Whatever a running push writes or uses again is younger than the grace period and stays. Breaking off at any point
 * is safe; the next run goes on. A manifest that cannot be read stops the collection: nothing can be known to be
 * garbage then.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when a pointer or a live manifest is damaged.
 */
export async function collectGarbage(
  context: RegistryContext,
  options: CollectGarbageOptions = {},
): Promise<GarbageReport> {
  const { dryRun = true, graceMs = GRACE_MS, signal } = options;
  const before = context.clock.now() - graceMs;
  const live = await liveTopHashes(context);
  const collected = async (prefix: string, isNeeded: (object: ListedObject) => boolean): Promise<ListedObject[]> => {
    const removed: ListedObject[] = [];
    for await (const object of context.store.list(prefix, { signal })) {
      if (!("key" in object) || object.modifiedMs > before || isNeeded(object)) continue;
      if (!dryRun && !(await context.store.deleteIfOlder(object.key, before))) continue;
      removed.push(object);
    }
    return removed;
  };
  const manifests = await collected(MANIFESTS, ({ key }) => {
    const name = key.slice(MANIFESTS.length);
    return !isTopHash(name) || live.has(name);
  });
  const gone = new Set(manifests.map(({ key }) => key));
  const needed = await neededObjects(context, gone);
  const objects = await collected(OBJECTS, ({ key }) => needed.has(key));
  const temporary = await collected(`${STATE}tmp/`, () => false);
  const removed = [...manifests, ...objects, ...temporary];
  return {
    dryRun,
    manifests: manifests.map(({ key }) => key),
    objects: [...objects, ...temporary].map(({ key }) => key),
    bytes: removed.reduce((sum, { size }) => sum + size, 0),
  };
}

async function liveTopHashes(context: RegistryContext): Promise<Set<TopHash>> {
  const live = new Set<TopHash>();
  for await (const item of context.store.list(POINTERS)) {
    if (!("key" in item)) continue;
    const topHash = await topHashAt(context, item.key);
    if (topHash !== undefined) live.add(topHash);
    else if (isPointerName(item.key.slice(item.key.lastIndexOf("/") + 1))) throw unknowable(item.key);
  }
  for (const { changes } of await listOperations(context, OPERATIONS)) {
    for (const { before, after } of changes) for (const hash of [before, after]) if (hash !== null) live.add(hash);
  }
  return live;
}

/** What a damaged pointer named is not known, so nothing is known to be garbage. */
function unknowable(key: string): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `Nothing was removed: the pointer ${key} is damaged, so its revision may be needed.`,
    {
      hint: "Run t4 fsck --repair first.",
      facts: { key },
    },
  );
}

/** Keys of all objects that a manifest in the registry refers to, also one that no pointer names yet. */
async function neededObjects(context: RegistryContext, gone: ReadonlySet<string>): Promise<Set<string>> {
  const needed = new Set<string>();
  for await (const item of context.store.list(MANIFESTS)) {
    if (!("key" in item) || gone.has(item.key)) continue;
    const name = item.key.slice(MANIFESTS.length);
    if (!isTopHash(name)) continue;
    const manifest = await readManifest(context, name);
    for (const { physicalKeys } of manifest.run.entries()) {
      for (const url of physicalKeys) {
        const key = objectKeyOf(context, url);
        if (key !== undefined) needed.add(key);
      }
    }
    manifest.close();
  }
  return needed;
}
