import { isT4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import type { PhysicalKey } from "../format/physical-key.js";
import { OBJECTS } from "../format/registry-layout.js";
import { isHashType } from "../hash/hasher.js";
import type { BucketObjects } from "../store/store.js";
import type { EntryCheck, Fault, Place } from "./fsck-entries.js";
import { hashOfObject } from "./fsck-objects.js";

/** An entry whose bytes are in a bucket. */
export interface BucketPlace extends Place {
  readonly place: Extract<PhysicalKey, { readonly kind: "s3" }>;
  readonly what: string;
}

/** Checks an object of a bucket: that it is there, at its size, and with `readData` its bytes. Other buckets are not asked. */
export async function checkObject(check: EntryCheck, { entry, where, place, what }: BucketPlace): Promise<void> {
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

interface BucketObject extends Pick<BucketPlace, "place"> {
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
    if (found.size !== entry.size) {
      const expected = canonicalJson(entry.size);
      return { code: "E_OBJECT_SIZE", message: `has ${found.size} bytes, expected ${expected}.` };
    }
    if (check.readData !== true || (await isRight(check, inBucket, { entry, place, key }))) return undefined;
    return { code: "E_OBJECT_HASH", message: "holds other bytes than its hash says." };
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_ACCESS", "ERR_T4_NOT_FOUND")) throw error;
    return { code: "E_OBJECT_MISSING", message: `cannot be read (${error.message})` };
  }
}

/** An object of ours was read already, under its name; where the entry's hash is another, both count. */
async function isRight(
  check: EntryCheck,
  inBucket: BucketObjects,
  { entry, place, key }: BucketObject,
): Promise<boolean> {
  const { hash, size } = entry;
  if (key?.startsWith(OBJECTS) === true && check.objects.isDamaged(key)) return false;
  if (hash === null || !isHashType(hash.type)) return true;
  if (key?.startsWith(OBJECTS) === true && check.objects.isNamedBy(key, hash)) return true;
  const object = { ...place, size: Number(size) };
  return (await hashOfObject(inBucket, object, { type: hash.type, signal: check.signal })) === hash.value;
}
