import { isT4Error } from "../base/errors.js";
import { readPointer } from "../format/pointer.js";
import type { TopHash } from "../format/top-hash.js";
import type { StoredObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";

/** Small objects that are read at once. */
export const READS_AT_ONCE = 16;

/** What is at a key: a small object, nothing (any more), or what is no object at all; one stray thing hides no other. */
export async function lookAt(context: RegistryContext, key: string): Promise<StoredObject | "absent" | "damaged"> {
  try {
    return (await context.store.get(key)) ?? "absent";
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INTEGRITY")) return "damaged";
    throw error;
  }
}

/** A small object; `undefined` when it is absent, or is no object at all. */
export async function objectAt(context: RegistryContext, key: string): Promise<StoredObject | undefined> {
  const found = await lookAt(context, key);
  return typeof found === "string" ? undefined : found;
}

/** What is at a pointer's key: a top hash, nothing (any more), or what is no pointer. */
export async function pointerAt(context: RegistryContext, key: string): Promise<TopHash | "absent" | "damaged"> {
  const found = await lookAt(context, key);
  return typeof found === "string" ? found : (readPointer(found.bytes) ?? "damaged");
}

/** The top hash that a pointer holds; `undefined` when it is absent or damaged, which fsck names. */
export async function topHashAt(context: RegistryContext, key: string): Promise<TopHash | undefined> {
  const found = await pointerAt(context, key);
  return found === "absent" || found === "damaged" ? undefined : found;
}

/** The keys below a prefix, ascending. */
export async function* keysBelow(
  { store }: RegistryContext,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  for await (const item of store.list(prefix, { signal })) if ("key" in item) yield item.key;
}
