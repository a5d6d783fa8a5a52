import { isT4Error, T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import { shortHash, type TopHash } from "../format/top-hash.js";
import type { Announcement } from "./announcement.js";
import type { RegistryContext } from "./context.js";
import { type Latest, type LatestNote, readLatest, swapLatest } from "./latest.js";
import { listRevision, nextSlot } from "./list-revision.js";
import { completeOperation, dropOperation, type PointerChange, recordOperation } from "./operation-records.js";
import { listOverwritten, overwrittenSince } from "./overwritten.js";
import type { Revision } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";
import { slotName } from "./slots.js";
import { listPublished } from "./write-slot.js";

/** Options of {@link commitRevision}. */
export interface CommitOptions {
  /** The revision that `latest` must stand on; `undefined`: the package must not exist yet. */
  readonly parent: TopHash | undefined;
  /** Publishes on top of whatever is latest. */
  readonly force?: boolean;
  /**
   * Seconds since 1970 at which it was published elsewhere: its place in the history, if that is behind all others and not after
   * now. Default: now.
   */
  readonly slot?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A published revision, and whether another client's came on top of it meanwhile. */
export interface Commit extends Revision {
  /** The revision that was the latest before; `undefined`: it is the first. */
  readonly parent: TopHash | undefined;
  /** The top hash that a client without compare-and-swap (Quilt 3, T4 of 2019) put over this one while we published. */
  readonly overtakenBy?: TopHash;
  /** Revisions of T4 clients that were published at the same time, in a store whose writers do not exclude each other. */
  readonly collidedWith?: readonly TopHash[];
}

interface Published {
  readonly name: PackageName;
  readonly topHash: TopHash;
}

/** What a revision is published on top of. */
interface Base extends Pick<CommitOptions, "slot"> {
  readonly latest: Latest | undefined;
  readonly announcement: Announcement | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Publishes a revision whose manifest and data are already in the registry.
 *
 * `latest` is swapped by compare-and-swap, which is the commit point; then the revision gets its place in the history.
 * Should this process die between the two, the next writer, who finds the place in `latest`'s note, fills it first.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` has moved; nothing was published. `ERR_T4_PARTIAL` when it is
 * published but could not be listed, `ERR_T4_UNKNOWN_OUTCOME` when it could not be flushed to the disk.
 */
export async function commitRevision(
  context: RegistryContext,
  revision: Published,
  options: CommitOptions,
): Promise<Commit> {
  if ((await context.store.mayCollide?.()) !== true) return commitOnTop(context, revision, options);
  const { name, topHash } = revision;
  const { announce } = await import("./announcement.js");
  const announcement = await announce(context, name, { topHash, parent: options.parent });
  try {
    const commit = await commitOnTop(context, revision, { ...options, announcement });
    const collidedWith = await announcement.settle(commit.parent);
    await announcement.withdraw();
    return collidedWith.length === 0 ? commit : { ...commit, collidedWith };
  } catch (error) {
    // Where something may have been written, others have to know of it.
    if (isT4Error(error, "ERR_T4_CONFLICT")) await announcement.withdraw();
    throw error;
  }
}

async function commitOnTop(
  context: RegistryContext,
  revision: Published,
  options: CommitOptions & { readonly announcement?: Announcement },
): Promise<Commit> {
  const { name } = revision;
  const { announcement, slot, signal } = options;
  for (;;) {
    signal?.throwIfAborted();
    const latest = await readLatest(context, name);
    if (options.force !== true && latest?.topHash !== options.parent) {
      throw conflictError({ name, parent: options.parent, latest: latest?.topHash });
    }
    const commit = await tryCommit(context, revision, { latest, announcement, slot, signal });
    if (commit !== undefined) return { ...commit, parent: latest?.topHash };
  }
}

/** Publishes on top of `latest`; `undefined` when that moved meanwhile and nothing was published. */
async function tryCommit(
  context: RegistryContext,
  { name, topHash }: Published,
  { latest, announcement, slot: wanted, signal }: Base,
): Promise<Omit<Commit, "parent"> | undefined> {
  await listPublished(context, name, latest);
  const { slot: first, isShared } = await nextSlot(context, name, { latest, wanted, signal });
  const slot = announcement === undefined ? first : await announcement.slotFrom(first);
  const since = await overwrittenSince(context, name, latest);
  const change = { pointer: LATEST, before: latest?.topHash ?? null, after: topHash };
  const changesAt = (pointer: string): PointerChange[] => [change, { pointer, before: null, after: topHash }];
  const record = await recordOperation(context, name, { kind: "push", changes: changesAt(slotName(slot)) });
  const note: LatestNote = { slot, isListed: true, isShared };
  try {
    const mayPublish = announcement?.isFresh() !== false;
    if (!mayPublish || !(await publish(context, { name, topHash }, { latest, note }))) {
      await dropOperation(context, record);
      return undefined;
    }
  } catch (error) {
    throw await settled(context, { name, topHash }, error);
  }
  try {
    const pointer = await listRevision(context, name, { topHash, slot, isShared });
    await completeOperation(context, record, changesAt(pointer));
    // Not before, when others may publish meanwhile; what it cannot list, fsck names.
    if (since !== undefined) await listOverwritten(context, name, since).catch(() => undefined);
    return await lookAfterwards(context, { name, topHash, pointer });
  } catch (error) {
    throw notListed({ name, topHash }, error);
  }
}

/** Swaps `latest`; `false` when it moved meanwhile and nothing was published. */
async function publish(
  context: RegistryContext,
  { name, topHash }: Published,
  to: { readonly latest: Latest | undefined; readonly note: LatestNote },
): Promise<boolean> {
  const { latest, note } = to;
  if (await swapLatest(context, name, { replaces: latest?.version, topHash, note })) return true;
  // Who stands on us has listed us before, also where `latest` was put back since and the store saw nothing of ours.
  return (await topHashAt(context, pointerKey(name, slotName(note.slot)))) === topHash;
}

/** What to say of a swap that broke off: its own error when nothing was published, else that nobody knows if it lasts. */
async function settled(context: RegistryContext, { name, topHash }: Published, error: unknown): Promise<unknown> {
  if (isT4Error(error) && !isT4Error(error, "ERR_T4_IO", "ERR_T4_ACCESS")) return error;
  const latest = await readLatest(context, name).catch(() => "unreadable" as const);
  if (latest === "unreadable") return unknownOutcome({ name, topHash }, error);
  if (latest?.topHash !== topHash) return error;
  return new T4Error(
    "ERR_T4_UNKNOWN_OUTCOME",
    `The revision ${topHash} is the latest of ${name}, but it may not outlast a power cut: ${messageOf(error)}.`,
    {
      hint: `Look after the disk, then push again: t4 log ${name} shows whether the revision is there.`,
      facts: { package: name, topHash },
      cause: error,
    },
  );
}

function unknownOutcome({ name, topHash }: Published, error: unknown): T4Error {
  return new T4Error(
    "ERR_T4_UNKNOWN_OUTCOME",
    `Whether the revision ${topHash} is published as the latest of ${name} is not known: ${messageOf(error)}, and latest cannot be read.`,
    {
      hint: `Once the registry can be read again, t4 log ${name} shows whether it is there; pushing again does no harm.`,
      facts: { package: name, topHash },
      cause: error,
    },
  );
}

function notListed({ name, topHash }: Published, error: unknown): T4Error {
  return new T4Error(
    "ERR_T4_PARTIAL",
    `The revision ${topHash} is published as the latest of ${name}, but its place in the history could not be written: ${messageOf(error)}.`,
    {
      hint: "Remove the cause; the next push writes it, as does t4 fsck --repair. Nothing has to be pushed again.",
      facts: { package: name, topHash },
      cause: error,
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What became of a revision that is published and listed, whatever another client does to `latest` now. */
async function lookAfterwards(
  context: RegistryContext,
  { name, topHash, pointer }: Published & Pick<Revision, "pointer">,
): Promise<Omit<Commit, "parent">> {
  const latest = await readLatest(context, name).catch(() => undefined);
  const isOvertaken = latest !== undefined && latest.topHash !== topHash && latest.note === undefined;
  const overtakenBy = isOvertaken ? latest.topHash : undefined;
  return { name, topHash, pointer, time: new Date(Number(pointer) * 1000), isLatest: !isOvertaken, overtakenBy };
}

/** What a push expected to be latest, and what is. */
export interface Moved {
  readonly name: PackageName;
  readonly parent: TopHash | undefined;
  readonly latest: TopHash | undefined;
}

/** The error for a push whose parent is not the latest revision; `changes` says what the others did. */
export function conflictError({ name, parent, latest }: Moved, changes = ""): T4Error {
  const [expected, got] = [parent ? shortHash(parent) : "no revision yet", latest ? shortHash(latest) : "none"];
  return new T4Error(
    "ERR_T4_CONFLICT",
    `The latest revision of ${name} has moved: expected ${expected}, got ${got}.${changes} Nothing was published.`,
    {
      hint: "Take the others' changes first (t4 install), or put yours on top with --force; no revision leaves the history either way.",
      facts: { package: name, parent: parent ?? null, latest: latest ?? null },
    },
  );
}
