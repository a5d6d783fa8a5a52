import { T4Error } from "../base/errors.js";
import { readPointer } from "../format/pointer.js";
import type { TopHash } from "../format/top-hash.js";
import type { StoredObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";

/** A small object; `undefined` when it is absent, or is no object at all: one stray thing hides no other. */
export async function objectAt(context: RegistryContext, key: string): Promise<StoredObject | undefined> {
  try {
    return await context.store.get(key);
  } catch (error) {
    if (error instanceof T4Error && error.code === "ERR_T4_INTEGRITY") return undefined;
    throw error;
  }
}

/** What is at a pointer's key: a top hash, nothing (any more), or what is no pointer. */
export async function pointerAt(context: RegistryContext, key: string): Promise<TopHash | "absent" | "damaged"> {
  try {
    const object = await context.store.get(key);
    return object === undefined ? "absent" : (readPointer(object.bytes) ?? "damaged");
  } catch (error) {
    if (error instanceof T4Error && error.code === "ERR_T4_INTEGRITY") return "damaged";
    throw error;
  }
}

/** The bytes of a small object, likewise. */
export async function bytesAt(context: RegistryContext, key: string): Promise<Uint8Array | undefined> {
  return (await objectAt(context, key))?.bytes;
}

/** The top hash that a pointer holds; `undefined` when it is absent or damaged, which fsck names. */
export async function topHashAt(context: RegistryContext, key: string): Promise<TopHash | undefined> {
  const found = await pointerAt(context, key);
  return found === "absent" || found === "damaged" ? undefined : found;
}
