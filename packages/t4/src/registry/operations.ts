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
  operationsOf,
  type PointerChange,
  type RecordedOperation,
  readOperations,
  recordOperation,
  settleOperation,
  UNDO_MS,
} from "./operation-records.js";
import { pointerNames } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";

/** How pointers are changed. */
export interface ChangeOptions {
  /** Changes nothing and only says what would be. Default `false`. */
  readonly dryRun?: boolean;
}

/**
 * Records and carries out changes of a package's pointers, `latest` first and by compare-and-swap.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved meanwhile; nothing was changed.
 */
export async function changePointers(
  context: RegistryContext,
  name: PackageName,
  { dryRun = false, ...operation }: Operation & ChangeOptions,
): Promise<Operation> {
  const latest = await readLatest(context, name);
  const change = operation.changes.find(({ pointer }) => pointer === LATEST);
  if (change !== undefined && (latest?.topHash ?? null) !== change.before) throw moved(name);
  if (dryRun || operation.changes.length === 0) return operation;
  const record = await recordOperation(context, name, operation);
  if (change !== undefined && !(await moveLatest(context, name, { latest, to: change.after }))) {
    await dropOperation(context, record);
    throw moved(name);
  }
  for (const other of operation.changes) if (other !== change) await movePointer(context, name, other);
  await settleOperation(context, record, operation.changes);
  return operation;
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

/** A package's operations of the last 90 days, newest first; a damaged one only cannot be undone, and fsck names it. */
async function listOperations(context: RegistryContext, name: PackageName): Promise<RecordedOperation[]> {
  const found: RecordedOperation[] = [];
  for await (const operation of readOperations(context, { prefix: operationsOf(name) }))
    if ("changes" in operation && context.clock.now() - operation.at < UNDO_MS) found.push(operation);
  return found.reverse();
}

/**
 * Takes back the newest operation on a package that still stands, within 90 days; undoing an undo does it again.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is nothing to undo.
 */
export async function undoOperation(
  context: RegistryContext,
  name: PackageName,
  { dryRun }: ChangeOptions = {},
): Promise<Operation> {
  for (const operation of await listOperations(context, name)) {
    if (!(await stillStands(context, name, operation))) continue;
    const changes = operation.changes.map(({ pointer, before, after }) => ({ pointer, before: after, after: before }));
    await changePointers(context, name, { kind: "undo", changes, dryRun });
    return operation;
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `There is nothing to undo for ${name}.`, {
    hint: "Operations of T4 clients can be undone for 90 days, as long as nothing was built on them.",
    facts: { package: name },
  });
}

async function stillStands(context: RegistryContext, name: PackageName, operation: Operation): Promise<boolean> {
  for (const { pointer, after } of operation.changes) {
    if (((await topHashAt(context, pointerKey(name, pointer))) ?? null) !== after) return false;
  }
  return true;
}
