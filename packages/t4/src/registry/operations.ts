import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, isTimestampPointer, LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import { type Latest, readLatest, swapLatest } from "./latest.js";
import {
  dropOperation,
  type Operation,
  type PointerChange,
  type RecordedOperation,
  recordOperation,
  settleOperation,
} from "./operation-records.js";
import { pointerNames } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";

/** How pointers are changed. */
export interface ChangeOptions {
  /** Changes nothing and only says what would be. Default `false`. */
  readonly dryRun?: boolean;
}

/** What is to be done to a package's pointers. */
export interface PlannedOperation extends Operation, ChangeOptions {
  /** The same operation as it was begun before and cut off: what that changed becomes part of this one. Default none. */
  readonly begun?: readonly RecordedOperation[];
}

/**
 * Records and carries out changes of a package's pointers, `latest` first.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved meanwhile; nothing was changed.
 */
export async function changePointers(
  context: RegistryContext,
  name: PackageName,
  { kind, changes, dryRun = false, begun = [] }: PlannedOperation,
): Promise<Operation> {
  const latest = await readLatest(context, name);
  const change = changes.find(({ pointer }) => pointer === LATEST);
  if (change !== undefined && (latest?.topHash ?? null) !== change.before) throw moved(name);
  const operation = { kind, changes: [...(await changesBegun(context, name, { begun, changes })), ...changes] };
  if (dryRun || changes.length === 0) return operation;
  const record = await recordOperation(context, name, operation);
  if (!(await carryOut(context, name, { changes, latest }))) {
    await dropOperation(context, record);
    throw moved(name);
  }
  // All that they changed is in the new record.
  for (const superseded of begun) await dropOperation(context, superseded);
  await settleOperation(context, record, operation.changes);
  return operation;
}

/** Changes pointers, `latest` first and by compare-and-swap; `false` when that moved meanwhile and nothing was changed. */
async function carryOut(
  context: RegistryContext,
  name: PackageName,
  { changes, latest }: { readonly changes: readonly PointerChange[]; readonly latest: Latest | undefined },
): Promise<boolean> {
  const change = changes.find(({ pointer }) => pointer === LATEST);
  if (change !== undefined && !(await moveLatest(context, name, { latest, to: change.after }))) return false;
  for (const other of changes) if (other !== change) await movePointer(context, name, other);
  return true;
}

/** What operations that were cut off have changed of the pointers that are not to be changed now. */
async function changesBegun(
  context: RegistryContext,
  name: PackageName,
  { begun, changes }: { readonly begun: readonly RecordedOperation[]; readonly changes: readonly PointerChange[] },
): Promise<PointerChange[]> {
  const known = new Map(changes.map((change) => [change.pointer, change]));
  const found: PointerChange[] = [];
  for (const change of begun.flatMap((operation) => operation.changes)) {
    if (known.has(change.pointer) || !(await isMade(context, name, change))) continue;
    known.set(change.pointer, change);
    found.push(change);
  }
  return found;
}

/** Whether a pointer stands where a change put it. */
export async function isMade(
  context: RegistryContext,
  name: PackageName,
  { pointer, before, after }: PointerChange,
): Promise<boolean> {
  return before !== after && ((await topHashAt(context, pointerKey(name, pointer))) ?? null) === after;
}

async function movePointer(
  { store }: RegistryContext,
  name: PackageName,
  { pointer, after }: PointerChange,
): Promise<void> {
  const key = pointerKey(name, pointer);
  if (after === null) await store.delete(key);
  else await store.put(key, encodePointer(after));
}

async function moveLatest(
  context: RegistryContext,
  name: PackageName,
  move: { readonly latest: Latest | undefined; readonly to: TopHash | null },
): Promise<boolean> {
  const { latest, to } = move;
  if (to === null) {
    return latest === undefined || context.store.delete(pointerKey(name, LATEST), { replaces: latest.version });
  }
  const largest = (await pointerNames(context, name)).findLast(isTimestampPointer);
  const slot = Math.max(Number(largest ?? 0), latest?.note?.slot ?? 0);
  const isShared = latest?.note?.isShared ?? latest !== undefined;
  return swapLatest(context, name, {
    replaces: latest?.version,
    topHash: to,
    note: { slot, isListed: false, isShared },
  });
}

function moved(name: PackageName): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `The latest revision of ${name} has moved meanwhile. Nothing was changed.`, {
    hint: "Look at t4 log and try again.",
    facts: { package: name },
  });
}
