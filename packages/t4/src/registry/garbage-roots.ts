import { mapConcurrent } from "../base/concurrency.js";
import { T4Error } from "../base/errors.js";
import { isPointerName } from "../format/pointer.js";
import { OPERATIONS, POINTERS } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { ListedObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { readOperations, UNDO_MS } from "./operation-records.js";
import { keysBelow, pointerAt, READS_AT_ONCE } from "./read-quietly.js";

/** The top hashes that pointers hold, each with the key of one that does. */
export async function pointedManifests(
  context: RegistryContext,
  signal: AbortSignal | undefined,
): Promise<Map<TopHash, string>> {
  const pointed = new Map<TopHash, string>();
  const read = async (key: string): Promise<readonly [string, Awaited<ReturnType<typeof pointerAt>>]> => [
    key,
    await pointerAt(context, key),
  ];
  const keys = keysBelow(context, POINTERS, signal);
  for await (const [key, found] of mapConcurrent(keys, read, { concurrency: READS_AT_ONCE, signal })) {
    // Taken out since the listing: the record of that operation, written before, is read after this.
    if (found === "absent") continue;
    if (found !== "damaged") pointed.set(found, key);
    else if (isPointerName(key.slice(key.lastIndexOf("/") + 1))) throw unknowable(`the pointer ${key} is damaged`, key);
  }
  return pointed;
}

/** Records of operations that nobody wrote to since `before`. */
export async function recordsOlder(
  context: RegistryContext,
  { before, signal }: { readonly before: number; readonly signal: AbortSignal | undefined },
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const item of context.store.list(OPERATIONS, { signal }))
    if ("key" in item && item.modifiedMs <= before) found.push(item);
  return found;
}

/**
 * The top hashes that an undo could bring back, each with the time until when; and the records that are too old for one. Those
 * to be forgotten count for nothing.
 */
export async function namedByOperations(
  context: RegistryContext,
  { forgotten, signal }: { readonly forgotten: ReadonlySet<string>; readonly signal: AbortSignal | undefined },
): Promise<{ readonly named: ReadonlyMap<TopHash, number>; readonly oldRecords: ReadonlySet<string> }> {
  const named = new Map<TopHash, number>();
  const oldRecords = new Set<string>();
  for await (const operation of readOperations(context, { prefix: OPERATIONS, signal })) {
    const { key } = operation;
    if (!("changes" in operation)) throw unknowable(`the record ${key} of an operation is damaged`, key);
    if (forgotten.has(key)) continue;
    const until = operation.at + UNDO_MS;
    if (context.clock.now() >= until) oldRecords.add(key);
    else
      for (const { before, after } of operation.changes)
        for (const topHash of [before, after])
          if (topHash !== null) named.set(topHash, Math.max(until, named.get(topHash) ?? 0));
  }
  return { named, oldRecords };
}

/** What a damaged pointer, record or manifest named is not known, so nothing is known to be garbage. */
export function unknowable(problem: string, key: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `Nothing was removed: ${problem}, so what it needs is not known.`, {
    hint: "Run t4 fsck to see what is damaged and t4 fsck --repair to mend it or set it aside, then t4 gc again.",
    facts: { key },
    cause,
  });
}
