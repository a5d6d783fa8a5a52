import { randomUUID } from "node:crypto";
import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, isTimestampPointer, LATEST } from "../format/pointer.js";
import { OPERATIONS, pointerKey } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import { openRecord, sealRecord } from "../store/sealed-record.js";
import type { RegistryContext } from "./context.js";
import { type Latest, readLatest, swapLatest } from "./latest.js";
import { pointerNames } from "./pointers.js";
import { bytesAt, topHashAt } from "./read-quietly.js";

/** One pointer's change; `null`: absent. */
export interface PointerChange {
  /** `latest`, ten digits, or a tag. */
  readonly pointer: string;
  /** Where it stood. */
  readonly before: TopHash | null;
  /** Where it stands now. */
  readonly after: TopHash | null;
}

/** What was done to a package's pointers. */
export interface Operation {
  /** What it was. */
  readonly kind: "push" | "rollback" | "tag" | "untag" | "delete package" | "delete revision" | "undo";
  /** The pointers that it changed; none when all stood where they should. */
  readonly changes: readonly PointerChange[];
}

/** How pointers are changed. */
export interface ChangeOptions {
  /** Changes nothing and only says what would be. Default `false`. */
  readonly dryRun?: boolean;
}

/** An operation as the registry remembers it. */
export interface RecordedOperation extends Operation {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly key: string;
}

/** So long an operation can be undone. */
export const UNDO_MS: number = 90 * 24 * 3600 * 1000;

function prefixOf(name: PackageName): string {
  return `${OPERATIONS}${encodeURIComponent(name)}/`;
}

/** Remembers an operation before it is carried out: a record whose end was never reached fits no present state. */
export async function recordOperation(
  context: RegistryContext,
  name: PackageName,
  operation: Operation,
): Promise<void> {
  const at = context.clock.now();
  const key = `${prefixOf(name)}${String(at).padStart(15, "0")}-${randomUUID()}.json`;
  await context.store.put(key, sealRecord({ at, ...operation }), { mode: "create" });
}

/** What is not as a record of an operation should be. */
export interface DamagedRecord {
  readonly key: string;
}

/** Reads all records below a prefix, ascending: those of one package in the order of their times. */
export async function* readOperations(
  context: RegistryContext,
  { prefix, signal }: { readonly prefix: string; readonly signal?: AbortSignal },
): AsyncGenerator<RecordedOperation | DamagedRecord, void, undefined> {
  for await (const item of context.store.list(prefix, { signal })) {
    if (!("key" in item)) continue;
    const { key } = item;
    const bytes = await bytesAt(context, key);
    // A record that was just collected is gone; whatever else stands there is no record.
    if (bytes === undefined && (await context.store.head(key)) === undefined) continue;
    yield (bytes === undefined ? undefined : parseOperation(key, bytes)) ?? { key };
  }
}

/** A package's operations of the last 90 days, newest first; a damaged one only cannot be undone, and fsck names it. */
async function listOperations(context: RegistryContext, name: PackageName): Promise<RecordedOperation[]> {
  const found: RecordedOperation[] = [];
  for await (const operation of readOperations(context, { prefix: prefixOf(name) }))
    if ("changes" in operation && context.clock.now() - operation.at < UNDO_MS) found.push(operation);
  return found.reverse();
}

/** Reads an operation's record; `undefined` when it is damaged. */
function parseOperation(key: string, bytes: Uint8Array): RecordedOperation | undefined {
  const record = openRecord(bytes);
  return isOperation(record) ? { ...record, key } : undefined;
}

/** The checksum tells damage; this tells what a stranger wrote. */
function isOperation(record: unknown): record is Omit<RecordedOperation, "key"> {
  if (typeof record !== "object" || record === null) return false;
  const { at, kind, changes } = record as Readonly<Record<string, unknown>>;
  return typeof at === "number" && typeof kind === "string" && Array.isArray(changes) && changes.every(isChange);
}

function isChange(change: unknown): boolean {
  if (typeof change !== "object" || change === null) return false;
  const { pointer, before, after } = change as Readonly<Record<string, unknown>>;
  return isPlainName(pointer) && isHashOrNull(before) && isHashOrNull(after);
}

function isHashOrNull(hash: unknown): boolean {
  return hash === null || (typeof hash === "string" && isTopHash(hash));
}

/** Tags of other clients may have any name; none leads out of the package. */
function isPlainName(name: unknown): boolean {
  return typeof name === "string" && /^[^/\\\0]+$/.test(name) && name !== "." && name !== "..";
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
  await recordOperation(context, name, operation);
  if (change !== undefined && !(await moveLatest(context, name, { latest, to: change.after }))) throw moved(name);
  for (const other of operation.changes) if (other !== change) await movePointer(context, name, other);
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
  return swapLatest(context, name, { latest, topHash: to, note: { slot, isListed: false, isShared } });
}

function moved(name: PackageName): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `The latest revision of ${name} has moved meanwhile. Nothing was changed.`, {
    hint: "Look at t4 log and try again.",
    facts: { package: name },
  });
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
