import type { Entry } from "../../format/entry.js";
import { formatPhysicalKey, parsePhysicalKey } from "../../format/physical-key.js";
import { OBJECTS } from "../../format/registry-layout.js";
import { DEFAULT_HASH } from "../../hash/hasher.js";
import { objectName } from "../../hash/object-name.js";
import type { S3Store } from "../../store/s3/s3-store.js";
import type { Kept } from "../../transfer/file-job.js";
import type { StoreOptions } from "./data-place.js";
import { extensionOf } from "./entry-job.js";
import type { KeptVersions } from "./kept-versions.js";
import { ownKeyOf } from "./own-key.js";
import type { Presence } from "./presence.js";
import type { UploadJournal } from "./upload-journal.js";

/** Where in a bucket bytes go, and which. */
export interface Target extends StoreOptions {
  readonly store: S3Store;
  readonly journal: UploadJournal;
  /** Whether the server of the registry has another bucket, too, with the same credentials. */
  readonly sharesServer: (bucket: string) => Promise<boolean>;
  /** Whether bytes are in the registry and stay what they are, whoever writes there. */
  readonly isLasting: (url: string) => boolean;
  /** The kinds of copies that the server was found not to prove: they are not tried again. */
  readonly unproved: Set<"whole" | "parts">;
  /** What is known of the objects that are named by their content. */
  readonly presence: Presence;
  /** Whether other objects are versions. */
  readonly versions: KeptVersions;
}

/** The key that an entry's bytes get by their name: as Quilt has it, or as the user wants it. */
export function namedKey(entry: Entry, { name, dest }: Pick<Target, "name" | "dest">): string {
  return dest === undefined ? `${name}/${entry.logicalKey}` : ownKeyOf(entry, dest);
}

/** The key that bytes get by their content. */
export function contentKey(hash: string, entry: Entry): string {
  return OBJECTS + objectName(hash, extensionOf(entry));
}

/** What a push that died has sent of bytes of this hash, if it is still there. */
export async function sentBefore(
  { store, journal }: Pick<Target, "store" | "journal">,
  {
    key,
    size,
    hash,
    signal,
  }: {
    readonly key: string;
    readonly size: number;
    readonly hash: () => Promise<string>;
    readonly signal: AbortSignal;
  },
): Promise<Kept | undefined> {
  const sent = journal.find(key);
  if (sent?.size !== size || sent.hash !== (await hash())) return undefined;
  const place = parsePhysicalKey(sent.url);
  if (place.kind !== "s3" || sent.url !== urlOf(store, key, place.versionId)) return undefined;
  const found = await store.inBucket.find(place, { signal });
  return found?.size === size ? { url: sent.url, hash: sent.hash } : undefined;
}

/** Where bytes of a size are among the objects that are named by their content, if they are and stay. */
export async function keptByContent(
  { store, presence }: Pick<Target, "store" | "presence">,
  { key, size, signal }: { readonly key: string; readonly size: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  if (await presence.isAbsent(key, signal)) return undefined;
  const found = await store.inspect(key, { signal });
  return found?.size === size && (await isKept(store, { key, modifiedMs: found.modifiedMs }))
    ? urlOf(store, key, undefined)
    : undefined;
}

/** Whether an object that is there stays, so that a revision may stand on it. */
async function isKept(store: S3Store, object: { readonly key: string; readonly modifiedMs: number }): Promise<boolean> {
  return store.now() - object.modifiedMs < (store.unmarkedMs ?? 0) || store.touch(object.key);
}

/** The hash that names objects, where an entry has it. */
export function knownHash({ hash }: Entry): string | undefined {
  return hash?.type === DEFAULT_HASH ? hash.value : undefined;
}

/** The URL of an object of the store. */
export function urlOf(store: S3Store, key: string, versionId: string | undefined): string {
  const place = { kind: "s3", bucket: store.inBucket.bucket, key: store.inBucket.keyOf(key) } as const;
  return formatPhysicalKey(versionId === undefined ? place : { ...place, versionId });
}
