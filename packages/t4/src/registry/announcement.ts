import { randomUUID } from "node:crypto";
import { isT4Error, T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { isTimestampPointer } from "../format/pointer.js";
import { INTENTS, pointerKey } from "../format/registry-layout.js";
import { isTopHash, shortHash, type TopHash } from "../format/top-hash.js";
import { openRecord, sealRecord } from "../store/sealed-record.js";
import type { RegistryContext } from "./context.js";
import { readLatest } from "./latest.js";
import { pointerNames } from "./pointers.js";
import { objectAt, topHashAt } from "./read-quietly.js";
import { slotBehind, slotName } from "./slots.js";

/** What somebody says before he publishes where writers do not exclude each other. */
interface Intent {
  readonly topHash: TopHash;
  readonly parent: TopHash | null;
  /** The slot that it will have; `null` while that is not decided. */
  readonly slot: number | null;
  /** Whether `latest` and the pointer are written: nothing more comes. */
  readonly isDone: boolean;
}

/** An announced publication of this process. */
export interface Announcement {
  /** A slot, `first` if possible, that no other announced publication has, nor will have. */
  slotFrom(first: number): Promise<number>;
  /** Whether others still count on this publication: if not, it must be announced anew before anything is written. */
  isFresh(): boolean;
  /** Says that all is written, and tells which other publications it has met: of two that meet, at least one is told. */
  settle(parent: TopHash | undefined): Promise<readonly TopHash[]>;
  /** Takes it back: to be done last, and not where it is unknown whether something was written. */
  withdraw(): Promise<void>;
}

/** Nobody writes `latest` so long after he announced it. */
const FRESH_MS = 60_000;
/** An announcement of which nothing more comes, as its process died. Longer than the tries of one write take. */
const LIFE_MS = 15 * 60_000;
/** So long others are waited for, to tell what became of them. */
const WAIT_MS = 20_000;
const PAUSE_MS = 500;

/** Somebody else's announcement. */
interface Other extends Intent {
  readonly key: string;
}

/**
 * Announces a publication, before `latest` is looked at.
 *
 * Of two writers at once at least one knows. Who lists the announcements after he wrote `latest` and does not see the other's, has either
 * written before that one announced it, and so before it looked at `latest`, which then stopped it; or the other one has taken it back
 * already, after a listing of its own that was as late. It needs no more of the store than that a read, or a listing, shows what was
 * written before.
 */
export async function announce(
  context: RegistryContext,
  name: PackageName,
  { topHash, parent }: { readonly topHash: TopHash; readonly parent: TopHash | undefined },
): Promise<Announcement> {
  const { store, clock } = context;
  const folder = `${INTENTS}${encodeURIComponent(name)}/`;
  const own = `${folder}${randomUUID()}.json`;
  let announcedMs = clock.now();
  let slot: number | null = null;
  const say = async (isDone: boolean): Promise<void> => {
    await store.put(own, sealRecord({ topHash, parent: parent ?? null, slot, isDone }));
  };
  await say(false);
  return {
    async slotFrom(first) {
      for (let wanted = first; ; ) {
        announcedMs = clock.now();
        slot = wanted;
        await say(false);
        const others = await othersIn(context, folder, own);
        // Who has taken his announcement back has written his pointer before.
        const pointers = (await pointerNames(context, name)).filter(isTimestampPointer).map(Number);
        const taken = [...pointers, ...others.flatMap((other) => other.slot ?? [])];
        if (!taken.includes(wanted)) return wanted;
        const rank = others.filter(({ key }) => key < own).length;
        wanted = slotBehind(taken, wanted + 1 + rank);
      }
    },
    isFresh: () => clock.now() - announcedMs < FRESH_MS,
    async settle(base) {
      await say(true);
      const met = new Map<string, Other>();
      let others = await othersIn(context, folder, own);
      for (const from = clock.now(); ; others = await othersIn(context, folder, own)) {
        for (const other of others) met.set(other.key, other);
        if (others.every(({ isDone }) => isDone) || clock.now() - from >= WAIT_MS) break;
        await clock.sleep(PAUSE_MS);
      }
      const going = new Set(others.filter(({ isDone }) => !isDone).map(({ key }) => key));
      const latest = (await readLatest(context, name))?.topHash;
      const rivals = new Set<TopHash>();
      for (const other of met.values()) {
        if (other.topHash === topHash || other.parent === topHash) continue;
        // Whoever this stands on may write once more, as he heard no answer.
        const isOver = other.topHash === base ? latest === base : await isPublished(context, name, other);
        if (isOver || going.has(other.key)) rivals.add(other.topHash);
      }
      return [...rivals];
    },
    withdraw: async () => void (await store.delete(own)),
  };
}

/**
 * Does something else to a package's pointers, announced.
 *
 * @throws {@link T4Error} `ERR_T4_PARTIAL` when it met other writers: it was done, but who was last is not known.
 */
export async function announced<Result>(
  context: RegistryContext,
  name: PackageName,
  { topHash, act }: { readonly topHash: TopHash; readonly act: () => Promise<Result> },
): Promise<Result> {
  const announcement = await announce(context, name, { topHash, parent: undefined });
  let result: Result;
  try {
    result = await act();
  } catch (error) {
    if (isT4Error(error, "ERR_T4_CONFLICT")) await announcement.withdraw();
    throw error;
  }
  const rivals = await announcement.settle(undefined);
  await announcement.withdraw();
  if (rivals.length === 0) return result;
  const others = rivals.map(shortHash).join(", ");
  throw new T4Error(
    "ERR_T4_PARTIAL",
    `It was done, but others changed ${name} at the same time (${others}), and this server does not keep writers apart.`,
    {
      hint: `t4 log ${name} shows what came of it; repeat what is not there.`,
      facts: { package: name, others: rivals },
    },
  );
}

async function isPublished(context: RegistryContext, name: PackageName, { slot, topHash }: Intent): Promise<boolean> {
  return slot !== null && (await topHashAt(context, pointerKey(name, slotName(slot)))) === topHash;
}

/** What others have announced of a package; what is left of the dead is removed. */
async function othersIn({ store, clock, ...context }: RegistryContext, folder: string, own: string): Promise<Other[]> {
  const found: Other[] = [];
  for await (const item of store.list(folder)) {
    if (!("key" in item) || item.key === own) continue;
    const { key, modifiedMs } = item;
    if (clock.now() - modifiedMs >= LIFE_MS) {
      await store.delete(key);
      continue;
    }
    const object = await objectAt({ ...context, store, clock }, key);
    const intent = object && parseIntent(object.bytes);
    if (intent !== undefined) found.push({ ...intent, key });
  }
  return found;
}

function parseIntent(bytes: Uint8Array): Intent | undefined {
  const { topHash, parent, slot, isDone } = openRecord(bytes) ?? {};
  if (typeof topHash !== "string" || !isTopHash(topHash) || typeof isDone !== "boolean") return undefined;
  if (parent !== null && !(typeof parent === "string" && isTopHash(parent))) return undefined;
  return slot === null || typeof slot === "number" ? { topHash, parent, slot, isDone } : undefined;
}
