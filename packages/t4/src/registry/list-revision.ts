import type { PackageName } from "../format/package-name.js";
import { isTimestampPointer, LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import type { Latest } from "./latest.js";
import { listOperations } from "./operation-records.js";
import { pointerNames } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";
import { slotBehind, slotsBefore, slotsFrom } from "./slots.js";
import { writeSlot } from "./write-slot.js";

/** Slots start so far in the past that Quilt, which writes "now" unconditionally, never hits ours. */
const SLOT_LAG_S = 5;
/** Where Quilt writes too, a slot is safe from it once its second is so long over. */
const SHARED_LAG_S = 2;
/** Where Quilt writes too, nobody publishes further ahead of the clock than this: the second after Quilt's own. */
const SHARED_LEAD_S = 1;
/** Nobody waits longer than this for a slot's second to pass. */
const MAX_WAIT_MS = 5000;
/** So often a revision that Quilt wrote over goes behind it; then it goes before it, where Quilt does not write any more. */
const MAX_ROUNDS = 3;

/** The slot in the history that a revision is to get. */
interface OwnSlot {
  /** Seconds since 1970 that name its pointer. */
  readonly slot: number;
  /** Whether another client than T4 ever wrote this package. */
  readonly isShared: boolean;
}

/**
 * The slot of the next revision: behind all others, a little in the past, and with Quilt at most a second ahead of the
 * clock, as far as a moment's waiting helps. A pointer in the far future is not waited for: no other client writes there now.
 */
export async function nextSlot(
  context: RegistryContext,
  name: PackageName,
  next: {
    readonly latest: Latest | undefined;
    /** Not after now; default: now. */
    readonly wanted: number | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<OwnSlot> {
  const { clock } = context;
  const { latest, signal } = next;
  const taken = (await pointerNames(context, name)).filter(isTimestampPointer).map(Number);
  if (latest?.note !== undefined) taken.push(latest.note.slot);
  const now = Math.max(0, Math.floor(clock.now() / 1000) - SLOT_LAG_S);
  const slot = slotBehind(taken, Math.min(next.wanted ?? now, now));
  const wanted = { slot, isShared: latest !== undefined && (latest.note?.isShared ?? true) };
  // Who publishes on top of a T4 client leaves it the time to be listed for good: else it might have to go behind its child.
  const own = latest?.note === undefined ? 0 : latest.note.slot + SHARED_LAG_S;
  if (waitMs(context, wanted) > 0) await sleepUntil(context, Math.max(slot - SHARED_LEAD_S, own) * 1000, signal);
  return wanted;
}

/**
 * Lists a published revision in its slot, or behind it where another client has that, and returns the pointer's name.
 *
 * With Quilt about, it waits until the slot is safe and looks once more: the revision was published without waiting,
 * since beside a busy Quilt no moment to publish in would last that long.
 */
export async function listRevision(
  context: RegistryContext,
  name: PackageName,
  { topHash, slot, isShared }: OwnSlot & { readonly topHash: TopHash },
): Promise<string> {
  let slots = slotsFrom(slot);
  for (let round = 1; ; round++) {
    const pointer = await writeSlot(context, name, { slots, topHash });
    const own = { slot: Number(pointer), isShared };
    if (waitMs(context, own) <= 0) return pointer;
    await sleepUntil(context, (own.slot + SHARED_LAG_S) * 1000);
    if ((await topHashAt(context, pointerKey(name, pointer))) === topHash) return pointer;
    slots = round < MAX_ROUNDS && !(await hasChild(context, name, topHash)) ? slotsFrom(slot) : slotsBefore(slot);
  }
}

/** Whether a T4 client has published on top of a revision meanwhile: its own stays behind that. */
async function hasChild(context: RegistryContext, name: PackageName, topHash: TopHash): Promise<boolean> {
  const operations = await listOperations(context, name);
  return operations.some(({ changes }) =>
    changes.some(({ pointer, before }) => pointer === LATEST && before === topHash),
  );
}

/** How long it takes until no other client writes into a slot any more; 0 when that is so now, or is not waited for. */
function waitMs({ clock }: RegistryContext, { slot, isShared }: OwnSlot): number {
  const ms = (slot + SHARED_LAG_S) * 1000 - clock.now();
  return isShared && ms > 0 && ms <= MAX_WAIT_MS ? ms : 0;
}

async function sleepUntil({ clock }: RegistryContext, ms: number, signal?: AbortSignal): Promise<void> {
  while (clock.now() < ms) await clock.sleep(ms - clock.now() + 1, signal);
}
