import { mapConcurrent } from "../base/concurrency.js";
import type { Entry } from "../format/entry.js";
import { type PhysicalKey, parsePhysicalKey } from "../format/physical-key.js";
import { createSha256 } from "../hash/sha256.js";
import type { BucketObjects } from "../store/store.js";

/** Objects that are looked at at once. */
const AT_ONCE = 64;

/** Notes where the entries of a manifest have their bytes: equal ones need no look at what the other one names. */
export interface PlacesNoted {
  /** The entries as they were, noted as they pass. */
  readonly entries: AsyncIterable<Entry>;
  /** Whether other entries have their bytes at the same places; to be asked once, when all have passed. */
  isSame(others: Iterable<Entry>): boolean;
}

/** Notes the places of entries. */
export function notePlaces(entries: Iterable<Entry> | AsyncIterable<Entry>): PlacesNoted {
  const noted = createSha256();
  async function* passing(): AsyncGenerator<Entry, void, undefined> {
    for await (const entry of entries) {
      noted.update(lineOf(entry));
      yield entry;
    }
  }
  return {
    entries: passing(),
    isSame(others) {
      const theirs = createSha256();
      for (const entry of others) theirs.update(lineOf(entry));
      return Buffer.from(theirs.digest()).equals(noted.digest());
    },
  };
}

function lineOf({ physicalKeys }: Entry): string {
  return `${physicalKeys[0] ?? ""}\n`;
}

/**
 * Whether all objects of a bucket that entries name are there, at their sizes. Costs one small request per entry, 64 at once; other
 * buckets are not asked.
 */
export async function objectsAreThere(inBucket: BucketObjects, entries: Iterable<Entry>): Promise<boolean> {
  const isThere = async (entry: Entry, signal: AbortSignal): Promise<boolean> => {
    const place = placeIn(inBucket, entry);
    return place === undefined || (await inBucket.find(place, { signal }))?.size === entry.size;
  };
  for await (const found of mapConcurrent(entries, isThere, { concurrency: AT_ONCE })) if (!found) return false;
  return true;
}

function placeIn({ bucket }: BucketObjects, entry: Entry): Extract<PhysicalKey, { kind: "s3" }> | undefined {
  const [url = ""] = entry.physicalKeys;
  if (!url.startsWith(`s3://${bucket}/`)) return undefined;
  const place = parsePhysicalKey(url);
  return place.kind === "s3" ? place : undefined;
}
