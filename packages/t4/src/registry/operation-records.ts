import { randomUUID } from "node:crypto";
import { mapConcurrent } from "../base/concurrency.js";
import type { PackageName } from "../format/package-name.js";
import { OPERATIONS } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import { openRecord, sealRecord } from "../store/sealed-record.js";
import type { RegistryContext } from "./context.js";
import { keysBelow, lookAt, READS_AT_ONCE } from "./read-quietly.js";

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

/** An operation as the registry remembers it. */
export interface RecordedOperation extends Operation {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether it was carried out to its end; a push: and could be acknowledged. */
  readonly isDone?: boolean;
  readonly key: string;
}

/** So long an operation can be undone. */
export const UNDO_MS: number = 90 * 24 * 3600 * 1000;
/** Digits of the time that a record's name begins with. */
const TIME_DIGITS = 15;

/** Prefix of the records of a package's operations. */
export function operationsOf(name: PackageName): string {
  return `${OPERATIONS}${encodeURIComponent(name)}/`;
}

/** Remembers an operation before it is carried out: a record whose end was never reached fits no present state. */
export async function recordOperation(
  context: RegistryContext,
  name: PackageName,
  operation: Operation,
): Promise<RecordedOperation> {
  const at = context.clock.now();
  const key = `${operationsOf(name)}${String(at).padStart(TIME_DIGITS, "0")}-${randomUUID()}.json`;
  await context.store.put(key, sealRecord({ at, ...operation }), { mode: "create" });
  return { at, ...operation, key };
}

/** Remembers, before anyone is told, that an operation was carried out, and with which changes. */
export async function completeOperation(
  { store }: RegistryContext,
  { key, at, kind }: RecordedOperation,
  changes: readonly PointerChange[],
): Promise<void> {
  await store.put(key, sealRecord({ at, kind, changes, isDone: true }));
}

/** Forgets an operation that was recorded and then refused. */
export async function dropOperation({ store }: RegistryContext, { key }: RecordedOperation): Promise<void> {
  await store.delete(key);
}

/** What is not as a record of an operation should be. */
export interface DamagedRecord {
  readonly key: string;
}

/** Reads the records below a prefix, ascending: those of one package in the order of their times, or of those `since` when. */
export async function* readOperations(
  context: RegistryContext,
  { prefix, since, signal }: { readonly prefix: string; readonly since?: number; readonly signal?: AbortSignal },
): AsyncGenerator<RecordedOperation | DamagedRecord, void, undefined> {
  const read = async (key: string): Promise<readonly [string, Awaited<ReturnType<typeof lookAt>>]> => [
    key,
    since !== undefined && timeIn(key) < since ? "absent" : await lookAt(context, key),
  ];
  const keys = keysBelow(context, prefix, signal);
  for await (const [key, found] of mapConcurrent(keys, read, { concurrency: READS_AT_ONCE, signal })) {
    // A record that was just collected is gone; whatever else stands there is no record.
    if (found === "absent") continue;
    yield (found === "damaged" ? undefined : parseOperation(key, found.bytes)) ?? { key };
  }
}

/** A package's operations of the last 90 days, newest first; a damaged one only cannot be undone, and fsck names it. */
export async function listOperations(context: RegistryContext, name: PackageName): Promise<RecordedOperation[]> {
  const found: RecordedOperation[] = [];
  for await (const operation of readOperations(context, { prefix: operationsOf(name) }))
    if ("changes" in operation && context.clock.now() - operation.at < UNDO_MS) found.push(operation);
  return found.reverse();
}

/** The time in a record's name; one with another name counts as new. */
function timeIn(key: string): number {
  const name = key.slice(key.lastIndexOf("/") + 1);
  return /^[0-9]{15}-/.test(name) ? Number(name.slice(0, TIME_DIGITS)) : Number.POSITIVE_INFINITY;
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
