import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, isTimestampPointer, LATEST, readPointer } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import { type Latest, readLatest, swapLatest } from "./latest.js";
import {
  completeOperation,
  dropOperation,
  type Operation,
  type PointerChange,
  type RecordedOperation,
  recordOperation,
} from "./operation-records.js";
import { pointerNames } from "./pointers.js";
import { objectAt, topHashAt } from "./read-quietly.js";

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
 * Records and carries out changes of a package's pointers, `latest` first. `latest` and tags move by compare-and-swap; a slot
 * is made only where there is none, and taken away after a look, which leaves a moment to clients that overwrite.
 *
 * @throws {@link T4Error} `ERR_T4_PARTIAL` where writers do not exclude each other and it met another one: it was done, and perhaps undone.
 * `ERR_T4_CONFLICT` when `latest`, or the only pointer, moved meanwhile: nothing was changed. Also
 * when some of the others did: they are left to those who moved them, named, and the rest is done and recorded.
 */
export async function changePointers(
  context: RegistryContext,
  name: PackageName,
  planned: PlannedOperation,
): Promise<Operation> {
  const { changes, dryRun = false } = planned;
  const [first] = changes;
  const topHash = first?.after ?? first?.before;
  const isAlone = dryRun || topHash == null || (await context.store.mayCollide?.()) !== true;
  if (isAlone) return changeNow(context, name, planned);
  const { announced } = await import("./announcement.js");
  return announced(context, name, { topHash, act: () => changeNow(context, name, planned) });
}

async function changeNow(
  context: RegistryContext,
  name: PackageName,
  { kind, changes, dryRun = false, begun = [] }: PlannedOperation,
): Promise<Operation> {
  const latest = await readLatest(context, name);
  const ofLatest = changes.find(({ pointer }) => pointer === LATEST);
  if (ofLatest !== undefined && (latest?.topHash ?? null) !== ofLatest.before) throw moved(name, changes);
  const before = await changesBegun(context, name, { begun, changes });
  const operation = { kind, changes: [...before, ...changes] };
  if (dryRun || changes.length === 0) return operation;
  const record = await recordOperation(context, name, operation);
  const made = await carryOut(context, name, { changes, latest });
  if (made.length === 0) {
    await dropOperation(context, record);
    throw moved(name, changes);
  }
  // All that they changed is in the new record.
  for (const superseded of begun) await dropOperation(context, superseded);
  await completeOperation(context, record, [...before, ...made]);
  requireAll(name, { changes, made });
  return operation;
}

/** Changes pointers, `latest` first; returns the changes that were made, none when `latest` has moved meanwhile. */
async function carryOut(
  context: RegistryContext,
  name: PackageName,
  { changes, latest }: { readonly changes: readonly PointerChange[]; readonly latest: Latest | undefined },
): Promise<PointerChange[]> {
  const change = changes.find(({ pointer }) => pointer === LATEST);
  if (change !== undefined && !(await moveLatest(context, name, { latest, to: change.after }))) return [];
  const made = change === undefined ? [] : [change];
  for (const other of changes) {
    if (other !== change && (await movePointer(context, name, other))) made.push(other);
  }
  return made;
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
async function isMade(
  context: RegistryContext,
  name: PackageName,
  { pointer, before, after }: PointerChange,
): Promise<boolean> {
  return before !== after && ((await topHashAt(context, pointerKey(name, pointer))) ?? null) === after;
}

/**
 * Changes a pointer unless it has moved meanwhile; tells whether it stands where it should.
 *
 * A slot is made or taken away, and no T4 client gives it another content: it goes without compare-and-swap, which would leave
 * a directory of turns for every revision. Quilt 3 writes without looking: what it puts into a slot between our look and our
 * removal of that slot goes from the history. It writes only the slot of the present second, so this takes the removal of a
 * revision that is as young; manifest and data stay, and `latest` stands on it.
 */
async function movePointer(
  context: RegistryContext,
  name: PackageName,
  { pointer, before, after }: PointerChange,
): Promise<boolean> {
  const { store } = context;
  const key = pointerKey(name, pointer);
  const found = await objectAt(context, key);
  const present = (found && readPointer(found.bytes)) ?? null;
  if (present !== before) return present === after;
  const isSlot = isTimestampPointer(pointer);
  if (after === null) return store.delete(key, isSlot ? {} : { replaces: found?.version });
  const mode = isSlot && before === null ? "create" : { replaces: found?.version };
  return (await store.put(key, encodePointer(after), { mode })).written;
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

function moved(name: PackageName, changes: readonly PointerChange[]): T4Error {
  const pointers = changes.map(({ pointer }) => pointer);
  const what = pointers.includes(LATEST) ? "The latest revision" : `The pointer ${pointers.join(", ")}`;
  return new T4Error("ERR_T4_CONFLICT", `${what} of ${name} has moved meanwhile. Nothing was changed.`, {
    hint: "Look at t4 log and try again.",
    facts: { package: name, pointers },
  });
}

function requireAll(
  name: PackageName,
  { changes, made }: { readonly changes: readonly PointerChange[]; readonly made: readonly PointerChange[] },
): void {
  const pointers = changes.filter((change) => !made.includes(change)).map(({ pointer }) => pointer);
  if (pointers.length === 0) return;
  throw new T4Error(
    "ERR_T4_CONFLICT",
    `Others moved ${pointers.join(", ")} of ${name} meanwhile, which was left to them. The rest was done.`,
    {
      hint: "Look at t4 log; the same command goes on from there, t4 undo takes back what was done.",
      facts: { package: name, pointers },
    },
  );
}
