import { isT4Error, T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, isTimestampPointer, LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import { type Latest, type LatestNote, readLatest, swapLatest } from "./latest.js";
import { recordOperation } from "./operations.js";
import { pointerNames, type Revision, slotName } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";

/** Options of {@link commitRevision}. */
export interface CommitOptions {
  /** The revision that `latest` must stand on; `undefined`: the package must not exist yet. */
  readonly parent: TopHash | undefined;
  /** Publishes on top of whatever is latest. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** A published revision, and whether another client's came on top of it meanwhile. */
export interface Commit extends Revision {
  /** The top hash that a client without compare-and-swap (Quilt 3, T4 of 2019) put over this one while we published. */
  readonly overtakenBy?: TopHash;
}

/** Slots start so far in the past that Quilt, which writes "now" unconditionally, never hits ours. */
const SLOT_LAG_S = 5;
/** Where Quilt writes too, a slot must be at least so old when it is written. */
const SHARED_LAG_S = 2;

interface Published {
  readonly name: PackageName;
  readonly topHash: TopHash;
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
  const { name } = revision;
  for (;;) {
    options.signal?.throwIfAborted();
    const latest = await readLatest(context, name);
    if (options.force !== true && latest?.topHash !== options.parent) {
      throw conflictError({ name, parent: options.parent, latest: latest?.topHash });
    }
    const commit = await tryCommit(context, revision, latest);
    if (commit !== undefined) return commit;
  }
}

/** Publishes on top of `latest`; `undefined` when that moved meanwhile and nothing was published. */
async function tryCommit(
  context: RegistryContext,
  { name, topHash }: Published,
  latest: Latest | undefined,
): Promise<Commit | undefined> {
  await listPublished(context, name, latest);
  const isShared = latest !== undefined && (latest.note?.isShared ?? true);
  const slot = await nextSlot(context, name, { latest, isShared });
  await recordOperation(context, name, {
    kind: "push",
    changes: [
      { pointer: LATEST, before: latest?.topHash ?? null, after: topHash },
      { pointer: slotName(slot), before: null, after: topHash },
    ],
  });
  const note: LatestNote = { slot, isListed: true, isShared };
  try {
    if (!(await publish(context, { name, topHash }, { latest, note }))) return undefined;
  } catch (error) {
    throw await settled(context, { name, topHash }, error);
  }
  let pointer: string;
  try {
    pointer = await writeSlot(context, name, { slot, topHash });
  } catch (error) {
    throw notListed({ name, topHash }, error);
  }
  const now = await lookAfterwards(context, name);
  const overtakenBy = now !== undefined && now.topHash !== topHash && now.note === undefined ? now.topHash : undefined;
  const time = new Date(Number(pointer) * 1000);
  return { name, topHash, pointer, time, isLatest: overtakenBy === undefined, overtakenBy };
}

/** Swaps `latest`; `false` when it moved meanwhile and nothing was published. */
async function publish(
  context: RegistryContext,
  { name, topHash }: Published,
  to: { readonly latest: Latest | undefined; readonly note: LatestNote },
): Promise<boolean> {
  if (await swapLatest(context, name, { ...to, topHash })) return true;
  // Who stands on us has listed us before, also where `latest` was put back since and the store saw nothing of ours.
  return (await topHashAt(context, pointerKey(name, slotName(to.note.slot)))) === topHash;
}

/** What to say of a swap that broke off: its own error when nothing was published, else that nobody knows if it lasts. */
async function settled(context: RegistryContext, { name, topHash }: Published, error: unknown): Promise<unknown> {
  const latest = await readLatest(context, name).catch(() => undefined);
  if (isT4Error(error) || latest?.topHash !== topHash) return error;
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

/** What `latest` is once all is done; whatever another client does to it now, the revision is published. */
async function lookAfterwards(context: RegistryContext, name: PackageName): Promise<Latest | undefined> {
  try {
    return await readLatest(context, name);
  } catch {
    return undefined;
  }
}

/** Gives the present revision the place in the history that its writer may have died before writing. */
export async function listPublished(
  context: RegistryContext,
  name: PackageName,
  latest: Latest | undefined,
): Promise<void> {
  if (latest?.note?.isListed !== true) return;
  await writeSlot(context, name, { slot: latest.note.slot, topHash: latest.topHash });
}

/** Writes a revision's pointer at its slot; where a foreign client took that, at the next free one. */
async function writeSlot(
  context: RegistryContext,
  name: PackageName,
  revision: { readonly slot: number; readonly topHash: TopHash },
): Promise<string> {
  const body = encodePointer(revision.topHash);
  for (let slot = revision.slot; ; slot++) {
    const key = pointerKey(name, slotName(slot));
    if ((await context.store.put(key, body, { mode: "create" })).written) return slotName(slot);
    if ((await topHashAt(context, key)) === revision.topHash) return slotName(slot);
  }
}

/** The slot of the next revision: after all others, a little in the past, and with Quilt about never ahead of the clock. */
async function nextSlot(
  context: RegistryContext,
  name: PackageName,
  present: { readonly latest: Latest | undefined; readonly isShared: boolean },
): Promise<number> {
  const seconds = (): number => Math.floor(context.clock.now() / 1000);
  const largest = (await pointerNames(context, name)).findLast(isTimestampPointer);
  const after = Math.max(Number(largest ?? 0), present.latest?.note?.slot ?? 0) + 1;
  const slot = Math.max(seconds() - SLOT_LAG_S, after);
  while (present.isShared && slot > seconds() - SHARED_LAG_S) {
    await context.clock.sleep((slot + SHARED_LAG_S) * 1000 - context.clock.now() + 1);
  }
  return slot;
}

/** What a push expected to be latest, and what is. */
export interface Moved {
  readonly name: PackageName;
  readonly parent: TopHash | undefined;
  readonly latest: TopHash | undefined;
}

/** The error for a push whose parent is not the latest revision; `changes` says what the others did. */
export function conflictError({ name, parent, latest }: Moved, changes = ""): T4Error {
  const expected = parent === undefined ? "no revision yet" : parent;
  return new T4Error(
    "ERR_T4_CONFLICT",
    `The latest revision of ${name} has moved: expected ${expected}, got ${latest ?? "none"}.${changes} Nothing was published.`,
    {
      hint: "Take the others' changes first (t4 install), or put yours on top with --force; no revision leaves the history either way.",
      facts: { package: name, parent: parent ?? null, latest: latest ?? null },
    },
  );
}
