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
  /** Whether the bytes of an entry that has passed stay in the registry; entries count from 0. */
  isLasting(index: number): boolean;
  /** Whether other entries have their bytes at the same places; to be asked once, when all have passed. */
  isSame(others: Iterable<Entry>): boolean;
}

/** Notes the places of entries, in memory of a bit for each. */
export function notePlaces(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  isLasting: (url: string) => boolean,
): PlacesNoted {
  const noted = createSha256();
  let lasting = new Uint8Array(128);
  async function* passing(): AsyncGenerator<Entry, void, undefined> {
    let index = 0;
    for await (const entry of entries) {
      noted.update(lineOf(entry));
      if (index >> 3 >= lasting.length) lasting = doubled(lasting);
      if (isLasting(entry.physicalKeys[0] ?? "")) lasting[index >> 3] = bitsAt(lasting, index) | (1 << (index & 7));
      index++;
      yield entry;
    }
  }
  return {
    entries: passing(),
    isLasting: (index) => (bitsAt(lasting, index) & (1 << (index & 7))) !== 0,
    isSame(others) {
      const theirs = createSha256();
      for (const entry of others) theirs.update(lineOf(entry));
      return Buffer.from(theirs.digest()).equals(noted.digest());
    },
  };
}

function doubled(bits: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(2 * bits.length);
  more.set(bits);
  return more;
}

function bitsAt(bits: Uint8Array, index: number): number {
  return bits[index >> 3] ?? 0;
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
