import type { PackageName } from "../format/package-name.js";
import { isTimestampPointer, LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import type { Latest } from "./latest.js";
import { operationsOf, type PointerChange, type RecordedOperation, readOperations } from "./operation-records.js";
import { pointerNames } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";
import { slotsBefore } from "./slots.js";
import { writeSlot } from "./write-slot.js";

/** An acknowledged revision, and the slot that it was listed in. */
export interface Listing {
  readonly slot: string;
  readonly topHash: TopHash;
}

/**
 * The acknowledged revisions whose pointer holds something else by now: only a client without compare-and-swap overwrites
 * one. Where the pointer is gone, somebody has removed it, and what an operation of T4 took out of the history stays out.
 *
 * `pointers` are those of the package, with what they hold.
 */
export function overwrittenIn(
  operations: readonly RecordedOperation[],
  pointers: ReadonlyMap<string, TopHash | undefined>,
): Listing[] {
  const listed = new Set(pointers.values());
  const candidates = new Map<TopHash, Listing>();
  const timesListed = new Map<TopHash, number>();
  const count = (topHash: TopHash | null, by: number): void => {
    if (topHash !== null) timesListed.set(topHash, (timesListed.get(topHash) ?? 0) + by);
  };
  for (const operation of operations) {
    for (const { pointer, before, after } of listingsIn(operation)) {
      count(before, -1);
      count(after, 1);
      if (operation.kind !== "push" || after === null || listed.has(after)) continue;
      if (pointers.has(pointer)) candidates.set(after, { slot: pointer, topHash: after });
    }
  }
  return [...candidates.values()].filter(({ topHash }) => (timesListed.get(topHash) ?? 0) > 0);
}

/** What an operation did to the history: nothing, for a push that nobody was told of. */
function listingsIn({ kind, isDone, changes }: RecordedOperation): readonly PointerChange[] {
  if (kind === "push" && isDone !== true) return [];
  return changes.filter(({ pointer, before, after }) => isTimestampPointer(pointer) && before !== after);
}

/** So long another client may have stalled for a push to look for what it overwrote; fsck looks at all there is. */
const LOOK_BACK_MS = 3600 * 1000;

/**
 * From when on, milliseconds since 1970, acknowledged revisions may have lost their pointers to the client that wrote
 * `latest`: the hour before it did; `undefined`: a T4 client wrote it.
 */
export async function overwrittenSince(
  context: RegistryContext,
  name: PackageName,
  latest: Latest | undefined,
): Promise<number | undefined> {
  if (latest === undefined || latest.note !== undefined) return undefined;
  const found = await context.store.head(pointerKey(name, LATEST));
  return found && found.modifiedMs - LOOK_BACK_MS;
}

/**
 * Lists acknowledged revisions again whose pointers another client has overwritten. Costs one listing and one small read
 * per operation and pointer since then.
 */
export async function listOverwritten(context: RegistryContext, name: PackageName, since: number): Promise<void> {
  const operations: RecordedOperation[] = [];
  const records = readOperations(context, { prefix: operationsOf(name), since });
  for await (const record of records) if ("changes" in record) operations.push(record);
  const slots = operations.flatMap((operation) => listingsIn(operation)).map(({ pointer }) => pointer);
  if (slots.length === 0) return;
  const first = slots.reduce((a, b) => (a < b ? a : b));
  const pointers = new Map<string, TopHash | undefined>();
  for (const slot of await pointerNames(context, name))
    if (isTimestampPointer(slot) && slot >= first) pointers.set(slot, await topHashAt(context, pointerKey(name, slot)));
  for (const { slot, topHash } of overwrittenIn(operations, pointers))
    await writeSlot(context, name, { slots: slotsBefore(Number(slot)), topHash });
}
