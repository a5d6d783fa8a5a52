import { mapConcurrent } from "../../base/concurrency.js";
import { OBJECTS } from "../../format/registry-layout.js";
import type { Listed } from "../../store/store.js";

/** Tells of objects named by their content that they are not there, so that nobody has to look for each. */
export interface Presence {
  /** Whether an object is known not to be there; `false`: it may be. The more it is asked, the more it finds out. */
  isAbsent(key: string, signal: AbortSignal): Promise<boolean>;
  /** Says that an object is there from now on. */
  brought(key: string): void;
}

/** Where the objects are listed. */
interface Listing {
  list(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<Listed>;
}

/** For fewer objects each is looked at. */
const FEW = 8;
const PAGE_OBJECTS = 1000;
/** A page of a listing costs about as much, in money and time, as so many looks at single objects. */
const LOOKS_PER_PAGE = 16;
/** Of larger listings the bits would not tell much. */
const MOST_PAGES = 2000;
const SHARDS = Array.from("0123456789abcdef");

/**
 * Begins without knowledge, and lists the objects of a store once that is cheaper than to ask for each: the first page, and the
 * others when as many objects were asked for as they cost. Keeps 2 MiB, however many objects there are.
 *
 * What was listed may be gone meanwhile, so only absence is told; what came meanwhile has the very same bytes.
 */
export function presenceIn(store: Listing): Presence {
  const there = new DigestFilter();
  let asked = 0;
  let beginning: Promise<number> | undefined;
  let rest: Promise<void> | undefined;
  const listShard = async (digit: string, signal: AbortSignal): Promise<void> => {
    for await (const item of store.list(OBJECTS + digit, { signal })) if ("key" in item) there.add(item.key);
  };
  const listRest = async (signal: AbortSignal): Promise<void> => {
    for await (const _ of mapConcurrent(SHARDS, listShard, { concurrency: SHARDS.length, signal }));
  };
  return {
    async isAbsent(key, signal) {
      if (++asked <= FEW) return false;
      const pages = await (beginning ??= listBeginning(store, there, signal));
      const isWorthIt = asked >= pages * LOOKS_PER_PAGE && pages <= MOST_PAGES;
      if (pages > 1 && rest === undefined && !isWorthIt) return false;
      if (pages > 1) await (rest ??= listRest(signal));
      return !there.has(key);
    },
    brought: (key) => there.add(key),
  };
}

/** Lists the first page, and tells how many there are, by how far into all digests it comes: these are spread evenly. */
async function listBeginning(store: Listing, there: DigestFilter, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const item of store.list(OBJECTS, { signal })) {
    if (!("key" in item)) continue;
    there.add(item.key);
    if (++count < PAGE_OBJECTS) continue;
    const share = (slicesOf(item.key)[0] as number) / SLICE_VALUES;
    // Somebody else's object says nothing.
    return share > 0 ? Math.max(2, Math.ceil(1 / share)) : MOST_PAGES + 1;
  }
  return 1;
}

/** Hexadecimal digits of a slice of a digest, and how many values it has. */
const SLICE_DIGITS = 6;
const SLICE_VALUES = 16 ** SLICE_DIGITS;
/** Where the digest begins in an object's key: behind two of its digits and a slash. */
const DIGEST_AT = OBJECTS.length + 3;
const SLICE_STARTS = [0, 1, 2, 3].map((slice) => DIGEST_AT + slice * SLICE_DIGITS);

/** Parts of a key's digest; not-a-number of what somebody else put there. */
function slicesOf(key: string): readonly number[] {
  return SLICE_STARTS.map((at) => Number.parseInt(key.slice(at, at + SLICE_DIGITS), 16));
}

/** A set of keys that may take a few more for its own: a Bloom filter whose hashes are parts of the keys' digests. */
class DigestFilter {
  #bits: Uint8Array | undefined;

  add(key: string): void {
    this.#bits ??= new Uint8Array(SLICE_VALUES / 8);
    for (const bit of slicesOf(key))
      if (bit >= 0) this.#bits[bit >> 3] = (this.#bits[bit >> 3] as number) | (1 << (bit & 7));
  }

  has(key: string): boolean {
    const bits = this.#bits;
    return bits !== undefined && slicesOf(key).every((bit) => ((bits[bit >> 3] as number) & (1 << (bit & 7))) !== 0);
  }
}
