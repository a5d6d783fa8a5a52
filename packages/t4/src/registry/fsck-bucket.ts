import { isT4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import type { PhysicalKey } from "../format/physical-key.js";
import { OBJECTS } from "../format/registry-layout.js";
import type { BucketObjects } from "../store/store.js";
import { type EntryCheck, type Fault, type ListedEntry, verdictOn, WRONG_BYTES, wrongSize } from "./entry-check.js";
import { hashOfObject } from "./fsck-objects.js";

/** An entry whose bytes are in a bucket. */
interface EntryInBucket extends ListedEntry {
  readonly place: Extract<PhysicalKey, { readonly kind: "s3" }>;
  readonly what: string;
}

/** Checks an object of a bucket: that it is there, at its size, and with `readData` its bytes. Other buckets are not asked. */
export async function checkObject(check: EntryCheck, { entry, where, place, what }: EntryInBucket): Promise<void> {
  const { inBucket } = check.context.store;
  const isHere = inBucket?.bucket === place.bucket;
  const key = isHere ? inBucket.keyIn(place.key) : undefined;
  const isOurs = key?.startsWith(OBJECTS) === true;
  // Nobody has reason to write other bytes under a name that is made of them.
  if (place.versionId === undefined && !isOurs)
    check.report("E_OBJECT_UNVERSIONED", { where, message: `${what} has no version and may change.` });
  if (!isHere) return;
  const expectation = JSON.stringify([place.key, place.versionId, entry.hash?.value]) + canonicalJson(entry.size);
  let looking = check.faults.get(expectation);
  if (looking === undefined) {
    looking = faultOf(check, inBucket, { entry, place, key });
    check.faults.set(expectation, looking);
  }
  const fault = await looking;
  if (fault === undefined) return;
  const mended = isOurs ? await check.objects.setAsideIfDamaged(key) : "left";
  check.report(fault.code, { where, message: `${what} ${fault.message}`, mended });
}

interface BucketObject extends Pick<EntryInBucket, "place"> {
  readonly entry: Entry;
  /** Its key in the registry, where it lies there. */
  readonly key: string | undefined;
}

async function faultOf(
  check: EntryCheck,
  inBucket: BucketObjects,
  { entry, place, key }: BucketObject,
): Promise<Fault | undefined> {
  const { signal } = check;
  try {
    const found = await inBucket.find(place, { signal });
    if (found === undefined) return { code: "E_OBJECT_MISSING", message: "is missing." };
    if (found.size !== entry.size) return wrongSize(found.size, entry);
    const isUnread = check.readData !== true;
    return isUnread || (await isRight(check, inBucket, { entry, place, key })) ? undefined : WRONG_BYTES;
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_ACCESS", "ERR_T4_NOT_FOUND")) throw error;
    return { code: "E_OBJECT_MISSING", message: `cannot be read (${error.message})` };
  }
}

async function isRight(
  check: EntryCheck,
  inBucket: BucketObjects,
  { entry, place, key }: BucketObject,
): Promise<boolean> {
  const verdict = verdictOn(check, entry, key);
  if (typeof verdict === "boolean") return verdict;
  const { type, value } = verdict;
  const object = { ...place, size: Number(entry.size) };
  return (await hashOfObject(inBucket, object, { type, signal: check.signal })) === value;
}
