import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { isPointerName, isTimestampPointer, LATEST, parseTag } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import { readLatest } from "./latest.js";
import { readManifest } from "./manifests.js";
import { listOperations, type Operation, type PointerChange, type RecordedOperation } from "./operation-records.js";
import { type ChangeOptions, changePointers } from "./operations.js";
import { packageNotFound, pointerNames } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";
import { listPublished } from "./write-slot.js";

/** Where `latest` is put. */
export interface RollbackTarget {
  readonly topHash: TopHash;
  /** The revision that it must stand on now. Default: whichever it does. */
  readonly from?: TopHash;
}

/** Makes `latest` stand on an older revision; the history stays as it is. */
export async function rollback(
  context: RegistryContext,
  name: PackageName,
  { topHash, from, dryRun }: ChangeOptions & RollbackTarget,
): Promise<Operation> {
  const latest = await readLatest(context, name);
  if (latest === undefined) throw packageNotFound(context, name);
  (await readManifest(context, topHash)).close();
  // The present revision keeps its place in the history even if its writer died before writing it.
  if (dryRun !== true) await listPublished(context, name, latest);
  const before = from ?? latest.topHash;
  const change = { pointer: LATEST, before, after: topHash };
  const changes = before === topHash ? [] : [change];
  return changePointers(context, name, { kind: "rollback", changes, dryRun });
}

/** Gives a revision a name of its own; a tag that is there moves. */
export async function setTag(
  context: RegistryContext,
  name: PackageName,
  to: ChangeOptions & { readonly tag: string; readonly topHash: TopHash },
): Promise<Operation> {
  const tag = parseTag(to.tag);
  const before = await hashAt(context, name, tag);
  const changes = before === to.topHash ? [] : [{ pointer: tag, before, after: to.topHash }];
  return changePointers(context, name, { kind: "tag", changes, dryRun: to.dryRun });
}

/** Takes a tag away. */
export async function removeTag(
  context: RegistryContext,
  name: PackageName,
  { tag, dryRun }: ChangeOptions & { readonly tag: string },
): Promise<Operation> {
  const before = await hashAt(context, name, parseTag(tag));
  if (before === null) {
    throw new T4Error("ERR_T4_NOT_FOUND", `The package ${name} has no tag ${JSON.stringify(tag)}.`, {
      hint: `t4 log ${name} shows its tags.`,
      facts: { package: name, registry: context.store.url, revision: tag },
    });
  }
  return changePointers(context, name, { kind: "untag", changes: [{ pointer: tag, before, after: null }], dryRun });
}

/**
 * Takes a package out of the registry's listing: all its pointers. Manifests and data stay for undo and other packages. A
 * removal that was cut off before becomes part of this one, which undo takes back as a whole.
 */
export async function deletePackage(
  context: RegistryContext,
  name: PackageName,
  { dryRun }: ChangeOptions = {},
): Promise<Operation> {
  const pointers = await readPointers(context, name);
  if (pointers.length === 0) throw packageNotFound(context, name);
  const changes = pointers.map(([pointer, before]): PointerChange => ({ pointer, before, after: null }));
  const begun = await begunBefore(context, name, ({ kind }) => kind === "delete package");
  return changePointers(context, name, { kind: "delete package", changes, begun, dryRun });
}

/** Takes one revision out of a package's history; `latest` moves to the newest that remains. */
export async function deleteRevision(
  context: RegistryContext,
  name: PackageName,
  { topHash, dryRun }: ChangeOptions & { readonly topHash: TopHash },
): Promise<Operation> {
  if (dryRun !== true) await listPublished(context, name, await readLatest(context, name));
  const pointers = await readPointers(context, name);
  const isLatest = pointers.some(([pointer, hash]) => pointer === LATEST && hash === topHash);
  // A damaged pointer is no revision that could be the latest.
  const isOther = ([pointer, hash]: [string, TopHash | null]): boolean =>
    isTimestampPointer(pointer) && hash !== null && hash !== topHash;
  const remaining = pointers.findLast(isOther)?.[1] ?? null;
  const changes = pointers
    .filter(([, hash]) => hash === topHash)
    .map(([pointer]): PointerChange => ({ pointer, before: topHash, after: pointer === LATEST ? remaining : null }));
  if (changes.length === 0) {
    throw new T4Error("ERR_T4_NOT_FOUND", `The package ${name} has no revision ${topHash}.`, {
      hint: `t4 log ${name} shows its revisions.`,
    });
  }
  if (isLatest && remaining === null) return deletePackage(context, name, { dryRun });
  const begun = await begunBefore(
    context,
    name,
    (operation) => operation.kind === "delete revision" && operation.changes.every(({ before }) => before === topHash),
  );
  return changePointers(context, name, { kind: "delete revision", changes, begun, dryRun });
}

/** Operations of one kind that were cut off. */
async function begunBefore(
  context: RegistryContext,
  name: PackageName,
  isKind: (operation: RecordedOperation) => boolean,
): Promise<RecordedOperation[]> {
  return (await listOperations(context, name)).filter((operation) => operation.isDone !== true && isKind(operation));
}

async function hashAt(context: RegistryContext, name: PackageName, pointer: string): Promise<TopHash | null> {
  return (await topHashAt(context, pointerKey(name, pointer))) ?? null;
}

/** All pointers, damaged ones too; not what merely lies beside them. */
async function readPointers(context: RegistryContext, name: PackageName): Promise<[string, TopHash | null][]> {
  const found: [string, TopHash | null][] = [];
  for (const pointer of await pointerNames(context, name)) {
    const topHash = await hashAt(context, name, pointer);
    if (topHash !== null || isPointerName(pointer)) found.push([pointer, topHash]);
  }
  return found;
}
