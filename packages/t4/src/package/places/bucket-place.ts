import { isT4Error, T4Error } from "../../base/errors.js";
import { type Entry, sameContent } from "../../format/entry.js";
import { parsePhysicalKey } from "../../format/physical-key.js";
import { OBJECTS } from "../../format/registry-layout.js";
import { hashOfChunks } from "../../hash/chunked.js";
import { digestChunks, hashPieces } from "../../hash/hash-pieces.js";
import { DEFAULT_HASH } from "../../hash/hasher.js";
import { lastingPlaces } from "../../registry/lasting-place.js";
import type { S3Store } from "../../store/s3/s3-store.js";
import type { BytesToSend, Kept, ReadableBytes, UploadJob } from "../../transfer/file-job.js";
import type { PackageState } from "../package-state.js";
import { accessToBuckets, isLocal } from "../sources/file-access.js";
import { sharing } from "../sources/open-bucket.js";
import { copyInServer } from "./bucket-copy.js";
import { contentKey, keptByContent, knownHash, namedKey, sentBefore, type Target, urlOf } from "./bucket-target.js";
import type { DataPlace, Incoming, Plan, StorePlace } from "./data-place.js";
import { expectationOf } from "./entry-expectation.js";
import { builtEntry, hashJob, reusedEntry, sourceOf, typesOf } from "./entry-job.js";
import { keptVersions } from "./kept-versions.js";
import { occupied } from "./occupied.js";
import { presenceIn } from "./presence.js";
import { openJournal } from "./upload-journal.js";

/** The bucket of a registry, or a folder in it; `identity` is the registry's. */
export function bucketPlace(store: S3Store, { identity }: { readonly identity: string }): DataPlace {
  return {
    access: accessToBuckets(store.inBucket.bucket),
    // Whether there is such a bucket, the first answer tells.
    requireThere: () => undefined,
    // Nothing is mounted in its place: a bucket without a registry is an empty one.
    requireMade: () => undefined,
    inspect: async () => (await import("./inspect-bucket.js")).inspectBucket(store),
    async open(options) {
      // Found out before anything is sent.
      await store.requireConditions();
      const journal = openJournal([identity, options.name]);
      const sharesServer = sharing(store.inBucket.bucket);
      const found = {
        unproved: new Set<"whole" | "parts">(),
        presence: presenceIn(store),
        versions: keptVersions(store),
      };
      return storeIn({ ...options, store, journal, sharesServer, isLasting: lastingPlaces(store), ...found });
    },
  };
}

function storeIn(target: Target): StorePlace {
  return {
    needsHashes: false,
    plan(incoming, state): Plan {
      const stays = staysWhereItIs(incoming.entry, target);
      const ready = stays ? builtEntry(incoming) : heldEntry(incoming, target);
      if (ready !== undefined) return { ready };
      return { job: stays ? hashJob(incoming, state) : uploadJob(incoming, target, state) };
    },
    // What a bucket has acknowledged lasts.
    flushFound: () => undefined,
    published: () => target.journal.clear(),
  };
}

/** Whether an entry's bytes are not brought to this bucket: they are there, or are not wanted. */
function staysWhereItIs(entry: Entry, target: Target): boolean {
  const { copy, select } = target;
  if (entry.content !== undefined) return false;
  const isUnwanted = copy === "none" || select?.(entry.logicalKey) === false;
  if (isLocal(entry)) {
    if (isUnwanted) throw localFile(entry);
    return false;
  }
  return isUnwanted || copy === "local" || isPlaced(entry.physicalKeys[0] ?? "", target);
}

/** A manifest in a bucket is for everybody who reads there: a file of this machine means nothing to them. */
function localFile({ logicalKey }: Entry): T4Error {
  return new T4Error(
    "ERR_T4_USAGE",
    `${JSON.stringify(logicalKey)} is a file of this machine: a revision in a bucket cannot point to it.`,
    { hint: "Copy it (--copy missing), or publish in a folder.", facts: { logicalKey } },
  );
}

/** An entry whose bytes the latest revision has in this bucket. */
function heldEntry(incoming: Incoming, target: Target): Entry | undefined {
  const { entry, held } = incoming;
  if (held === undefined || !sameContent(held, entry)) return undefined;
  return isHeld(held, target) ? reusedEntry(incoming) : undefined;
}

/**
 * Whether the registry still has the very bytes that its revision had, whoever wrote since, and where T4 would put them if that is
 * asked.
 */
function isHeld({ physicalKeys: [url = ""] }: Entry, target: Target): boolean {
  return target.isLasting(url) && isPlaced(url, target);
}

/** Whether a physical key lies in the registry, and where T4 would put it if that is asked. */
function isPlaced(url: string, { store, name, copy }: Target): boolean {
  if (!url.startsWith(`s3://${store.inBucket.bucket}/`)) return false;
  const place = parsePhysicalKey(url);
  const key = place.kind === "s3" ? store.inBucket.keyIn(place.key) : undefined;
  if (key === undefined || place.kind !== "s3") return false;
  if (copy !== "all" || key.startsWith(OBJECTS)) return true;
  return place.versionId !== undefined && key.startsWith(`${name}/`);
}

function uploadJob(incoming: Incoming, target: Target, state: Pick<PackageState, "access">): UploadJob {
  const { entry, held } = incoming;
  const expected = expectationOf(entry);
  const [url = ""] = held?.physicalKeys ?? [];
  const claim = held && isHeld(held, target) ? expectationOf(held) : undefined;
  return {
    kind: "upload",
    source: sourceOf(entry, state),
    types: typesOf(incoming),
    ...(expected && { expected }),
    ...(claim && { held: { ...claim, url } }),
    copy: (signal) => copyInServer(incoming, target, { access: state.access, signal }),
    keep: (bytes, signal) =>
      keep(entry, bytes, { ...target, signal }).catch((error: unknown) => damagedSource(entry, error)),
  };
}

/** Bytes that come out of a package and are others than it says did not change under somebody's hands: they are damaged. */
function damagedSource({ logicalKey, physicalKeys, stamp, etag }: Entry, error: unknown): never {
  const isSet = stamp !== undefined || etag !== undefined;
  if (isSet || !isT4Error(error, "ERR_T4_SOURCE_CHANGED")) throw error;
  const { expected = "", found = "" } = error.facts;
  const [url = ""] = physicalKeys;
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The content of ${url.split("?")[0]} is not what the package says of ${JSON.stringify(logicalKey)}: expected ${String(expected)}, got ${String(found)}.`,
    {
      hint: "The bytes were changed or damaged since the revision was made; nothing was published.",
      facts: { logicalKey, url, expected, found },
      cause: error,
    },
  );
}

interface Keeping extends Target {
  readonly signal: AbortSignal;
}

/**
 * Puts bytes where no later push overwrites them: in a versioned bucket as a version of `<package>/<logical key>`, as Quilt
 * has it; in others among T4's objects, named by their content.
 */
async function keep(entry: Entry, bytes: BytesToSend, target: Keeping): Promise<Kept> {
  if (await target.versions.areKept()) return keepAsVersion(entry, bytes, target);
  return target.dest === undefined ? keepByContent(entry, bytes, target) : keepByName(entry, bytes, target);
}

async function keepAsVersion(entry: Entry, bytes: BytesToSend, target: Keeping): Promise<Kept> {
  const { store, journal, dest, signal } = target;
  const { size } = bytes;
  const key = namedKey(entry, target);
  const hash = knownHash(entry);
  const wanted = async (): Promise<string> => hash ?? (await hashPieces(bytes, DEFAULT_HASH, signal));
  const known = await sentBefore(target, { key, size, hash: wanted, signal });
  if (known !== undefined) return known;
  const { digests = [] } = bytes;
  const memory = journal.uploadTo(key);
  const options = { mode: "overwrite", memory, digests, signal, ...(hash && { hash }) } as const;
  const { versionId, hash: sent } = await store.upload(key, bytes.sending, options);
  if (versionId !== undefined && sent !== undefined) {
    const kept = { url: urlOf(store, key, versionId), hash: sent };
    journal.add({ key, size, ...kept });
    return kept;
  }
  target.versions.madeNone();
  if (dest !== undefined) return requireSame(entry, bytes, { ...target, key });
  // The next revision's bytes would replace those.
  return keepByContent(entry, { ...bytes, sending: bytes }, target);
}

/** Under a name that the user chose, which nothing else must have. */
async function keepByName(entry: Entry, bytes: BytesToSend, target: Keeping): Promise<Kept> {
  const { store, journal, signal } = target;
  const key = namedKey(entry, target);
  // Of what another client wrote there, a refused write could not tell whether it was done.
  const isTaken = (await store.inspect(key, { signal })) !== undefined;
  if (isTaken) return requireSame(entry, bytes, { ...target, key });
  const hash = knownHash(entry);
  const { digests = [] } = bytes;
  const options = { mode: "create", memory: journal.uploadTo(key), digests, signal, ...(hash && { hash }) } as const;
  const { written, hash: sent } = await store.upload(key, bytes.sending, options);
  if (!written || sent === undefined) return requireSame(entry, bytes, { ...target, key });
  return { url: urlOf(store, key, undefined), hash: sent };
}

async function keepByContent(entry: Entry, bytes: BytesToSend, target: Keeping): Promise<Kept> {
  const { store, presence, signal } = target;
  const known = knownHash(entry);
  // The key says the content: a new file is hashed before it is sent, and not again then.
  const found = bytes.digests ?? (known === undefined ? await digestChunks(bytes, signal) : []);
  const hash = known ?? hashOfChunks(found);
  const digests = bytes.isSteady ? found : [];
  const key = contentKey(hash, entry);
  const there = await keptByContent(target, { key, size: bytes.size, signal });
  if (there !== undefined) return { url: there, hash };
  const memory = target.journal.uploadTo(key);
  await store.upload(key, bytes.sending, { mode: "overwrite", hash, digests, memory, signal });
  presence.brought(key);
  return { url: urlOf(store, key, undefined), hash };
}

/** A file's own name that is taken must hold these very bytes; what another revision may stand on is never overwritten. */
async function requireSame(
  entry: Entry,
  bytes: ReadableBytes,
  { store, key, signal }: Keeping & { readonly key: string },
): Promise<Kept> {
  const there = await store.describe({ key: store.inBucket.keyOf(key) }, { signal });
  const size = there?.size;
  const read = async (start: number, end: number): Promise<Uint8Array> =>
    (await store.get(key, { range: [start, end], signal }))?.bytes ?? new Uint8Array(0);
  const hash = knownHash(entry) ?? (await hashPieces(bytes, DEFAULT_HASH, signal));
  const url = urlOf(store, key, undefined);
  if (size !== bytes.size) throw occupied(entry, { url });
  const told = there?.hash?.type === DEFAULT_HASH ? there.hash.value : undefined;
  if ((told ?? (await hashPieces({ size, read }, DEFAULT_HASH, signal))) === hash) return { url, hash };
  throw occupied(entry, { url });
}
