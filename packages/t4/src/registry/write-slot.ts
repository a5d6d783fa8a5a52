import { isT4Error, T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import type { Latest } from "./latest.js";
import { topHashAt } from "./read-quietly.js";
import { slotName, slotsFrom } from "./slots.js";

/** Writes a revision's pointer at the first of some slots that is free, unless one before it holds it; returns its name. */
export async function writeSlot(
  context: RegistryContext,
  name: PackageName,
  revision: { readonly slots: Iterable<number>; readonly topHash: TopHash },
): Promise<string> {
  const { slots, topHash } = revision;
  const body = encodePointer(topHash);
  for (const slot of slots) {
    const key = pointerKey(name, slotName(slot));
    if (await create(context, key, body)) return slotName(slot);
    if ((await topHashAt(context, key)) === topHash) return slotName(slot);
  }
  throw new T4Error("ERR_T4_CONFLICT", `The package ${name} has no second left for the revision ${topHash}.`, {
    hint: "Another client has used them up: t4 fsck shows its pointers, t4 rm takes them away.",
    facts: { package: name, topHash },
  });
}

/** Whether a pointer is known to be made; where another client wrote over one that may have been, it is not there any more. */
async function create({ store }: RegistryContext, key: string, body: Uint8Array): Promise<boolean> {
  try {
    return (await store.put(key, body, { mode: "create" })).written;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_UNKNOWN_OUTCOME")) return false;
    throw error;
  }
}

/** Gives the present revision the place in the history that its writer may have died before writing. */
export async function listPublished(
  context: RegistryContext,
  name: PackageName,
  latest: Latest | undefined,
): Promise<void> {
  if (latest?.note?.isListed !== true) return;
  // It nearly always has it.
  if ((await topHashAt(context, pointerKey(name, slotName(latest.note.slot)))) === latest.topHash) return;
  await writeSlot(context, name, { slots: slotsFrom(latest.note.slot), topHash: latest.topHash });
}
