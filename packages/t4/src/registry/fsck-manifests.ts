import { isT4Error, T4Error } from "../base/errors.js";
import { MANIFESTS } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import { isKeyClash } from "../manifest/key-order.js";
import type { ListedObject } from "../store/store.js";
import type { FindingCode } from "./findings.js";
import { checkEntries } from "./fsck-entries.js";
import type { ObjectsCheck } from "./fsck-objects.js";
import { type Check, setAside } from "./fsck-report.js";
import { readManifest } from "./manifests.js";
import { keyFinder } from "./object-key.js";

/** Checks all manifests and what they refer to; returns the top hashes of those that can serve a pointer. */
export async function checkManifests(check: Check, objects: ObjectsCheck): Promise<Set<TopHash>> {
  const whole = new Set<TopHash>();
  const context = { ...check, objects, keyOf: keyFinder(check.context.store), faults: new Map() };
  for await (const found of check.context.store.list(MANIFESTS, { signal: check.signal })) {
    check.signal?.throwIfAborted();
    if (!("key" in found)) continue;
    const name = found.key.slice(MANIFESTS.length);
    if (isTopHash(name)) {
      if (await checkManifest(context, { found, name })) whole.add(name);
      continue;
    }
    const message = "This file's name is no top hash; other clients may trip over it.";
    check.report("E_POINTER_NAME", { where: found.key, message, mended: await setAside(check, found) });
  }
  return whole;
}

async function checkManifest(
  check: Parameters<typeof checkEntries>[0],
  { found, name }: { readonly found: ListedObject; readonly name: TopHash },
): Promise<boolean> {
  const where = found.key;
  try {
    const manifest = await readManifest(check.context, name);
    try {
      if (!manifest.isSorted)
        check.report("E_MANIFEST_UNSORTED", { where, message: "Its lines are in another order." });
      await checkEntries(check, manifest);
    } finally {
      manifest.close();
    }
    return true;
  } catch (error) {
    if (!(error instanceof T4Error)) throw error;
    // It just went.
    if (error.code === "ERR_T4_NOT_FOUND") return false;
    const code = codeOf(error);
    const isWrong = code !== "E_MANIFEST_DUP_KEY" && error.code === "ERR_T4_INTEGRITY";
    check.report(code, { where, message: error.message, mended: isWrong ? await setAside(check, found) : "left" });
    return !isWrong;
  }
}

function codeOf(error: T4Error): FindingCode {
  if (!(error.cause instanceof T4Error))
    return error.code === "ERR_T4_INTEGRITY" ? "E_MANIFEST_HASH" : "E_MANIFEST_PARSE";
  return isKeyClash(error.cause) ? "E_MANIFEST_DUP_KEY" : "E_MANIFEST_PARSE";
}

/** Whether a pointer's manifest is there and right; one that was not there when all were looked at may have come since. */
export async function isWhole(check: Check, whole: Set<TopHash>, topHash: TopHash): Promise<boolean> {
  if (whole.has(topHash)) return true;
  try {
    (await readManifest(check.context, topHash)).close();
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND", "ERR_T4_INTEGRITY")) return false;
    throw error;
  }
  whole.add(topHash);
  return true;
}
