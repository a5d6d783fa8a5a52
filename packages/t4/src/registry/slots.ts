/** Pointer names have ten digits. */
export const MAX_SLOT = 9_999_999_999;

/** The name of a slot's pointer. */
export function slotName(slot: number): string {
  return String(slot).padStart(10, "0");
}

/** The slots for a revision that was to get `slot` and may find it taken, best first: those behind, then those before it. */
export function* slotsFrom(slot: number): Generator<number, void, undefined> {
  for (let next = slot; next <= MAX_SLOT; next++) yield next;
  for (let next = Math.min(slot, MAX_SLOT + 1) - 1; next >= 0; next--) yield next;
}

/** The slots for a revision that another client's pointer took the place of, best first: older than what came after it. */
export function* slotsBefore(slot: number): Generator<number, void, undefined> {
  for (let next = slot; next >= 0; next--) yield next;
}

/** The first slot from `slot` on that is free. */
export function freeSlot(slot: number, taken: ReadonlySet<string>): string {
  for (const next of slotsFrom(slot)) if (!taken.has(slotName(next))) return slotName(next);
  return slotName(slot);
}

/**
 * The first slot, not before `earliest`, that sorts behind all `taken` ones. Where another client has used up the ten
 * digits, behind the last that leaves room: its pointer stays at the end of the history, and ours keep their order.
 */
export function slotBehind(taken: readonly number[], earliest: number): number {
  const known = new Set(taken);
  let after = earliest;
  for (const slot of taken) if (slot < MAX_SLOT && slot >= after && !known.has(slot + 1)) after = slot + 1;
  return after;
}
