import type { Entry } from "../../format/entry.js";
import { parsePhysicalKey } from "../../format/physical-key.js";
import type { HashType } from "../../hash/hasher.js";
import { DEFAULT_HASH } from "../../hash/hasher.js";
import { copyKind, type ProvedCopy, type ProvedHashes } from "../../store/s3/copy-proved.js";
import { fulfils } from "../../transfer/expectation.js";
import type { Copied } from "../../transfer/file-job.js";
import { type FileAccess, trusts } from "../sources/file-access.js";
import type { ObjectPlace } from "../sources/remote-source.js";
import { contentKey, keptByContent, knownHash, namedKey, sentBefore, type Target, urlOf } from "./bucket-target.js";
import type { Incoming } from "./data-place.js";
import { expectationOf } from "./entry-expectation.js";
import { typesOf } from "./entry-job.js";

/** How an entry is copied. */
interface Copying {
  /** What its package may lead to. */
  readonly access: FileAccess;
  readonly signal: AbortSignal;
}

/** An entry whose bytes the registry's server has, and what is wanted of them. */
interface Item {
  readonly entry: Entry;
  readonly size: number;
  readonly from: ObjectPlace;
  readonly isWanted: (hashes: ProvedHashes) => boolean;
}

/**
 * Has the server of a registry copy an entry's bytes from where they are, if it has them, too, and computes their hash on the
 * way; `undefined`: it does not, or has others, so the bytes have to pass here, where it shows what they are. Only what may
 * be read with the user's credentials is copied: the server reads it with them.
 */
export async function copyInServer(
  incoming: Incoming,
  target: Target,
  { access, signal }: Copying,
): Promise<Copied | undefined> {
  const item = await itemOf(incoming, target, access);
  if (item === undefined) return undefined;
  if (await target.versions.areKept()) return copyVersion(item, target, signal);
  return copyWithoutVersions(item, target, signal);
}

async function copyWithoutVersions(item: Item, target: Target, signal: AbortSignal): Promise<Copied | undefined> {
  // A name that the user chose is taken, or not, for bytes that are looked at here.
  return target.dest === undefined ? copyByContent(item, target, signal) : undefined;
}

async function itemOf(incoming: Incoming, target: Target, access: FileAccess): Promise<Item | undefined> {
  const { entry, held } = incoming;
  const { size, physicalKeys, content } = entry;
  const from = content === undefined ? parsePhysicalKey(physicalKeys[0] ?? "file:///") : undefined;
  if (from?.kind !== "s3" || typeof size !== "number") return undefined;
  // What is still to be hashed may be the same as what the place has.
  const isPerhapsHeld = entry.hash === null && held?.size === size;
  if (isPerhapsHeld || !isProvable(incoming, size)) return undefined;
  if (!trusts(access, from.bucket) || !(await target.sharesServer(from.bucket))) return undefined;
  const expected = expectationOf(entry);
  const isWanted = (hashes: ProvedHashes): boolean =>
    expected === undefined || fulfils({ size, values: valuesOf(hashes) }, expected);
  return { entry, size, from, isWanted };
}

/** Whether a server that proves its copies proves all hashes that are wanted of an entry. */
function isProvable(incoming: Incoming, size: number): boolean {
  const expected = expectationOf(incoming.entry);
  const wanted: readonly HashType[] = [...typesOf(incoming), ...(expected === undefined ? [] : [expected.type])];
  const isWhole = copyKind(size, false) === "whole";
  return wanted.every((type) => type === DEFAULT_HASH || (type === "SHA256" && isWhole));
}

/** As a version of the package's own key, as Quilt has it. */
async function copyVersion(item: Item, target: Target, signal: AbortSignal): Promise<Copied | undefined> {
  const { entry, size } = item;
  const { store, journal } = target;
  const key = namedKey(entry, target);
  const hash = knownHash(entry);
  const sent = hash && (await sentBefore(target, { key, size, hash: async () => hash, signal }));
  if (sent !== undefined && sent !== "") return { url: sent.url, size, values: { [DEFAULT_HASH]: sent.hash } };
  const copied = await copy(item, target, { key, isNamedByContent: false, signal });
  if (copied === undefined) return undefined;
  if (copied.versionId === undefined) {
    target.versions.madeNone();
    return copyWithoutVersions(item, target, signal);
  }
  const url = urlOf(store, key, copied.versionId);
  journal.add({ key, size, hash: copied.chunked, url });
  return { url, size, values: valuesOf(copied) };
}

/** Among the objects that are named by their content. */
async function copyByContent(item: Item, target: Target, signal: AbortSignal): Promise<Copied | undefined> {
  const { entry, size } = item;
  const hash = knownHash(entry);
  if (hash === undefined) return undefined;
  const key = contentKey(hash, entry);
  const there = await keptByContent(target, { key, size, signal });
  if (there === undefined && (await copy(item, target, { key, isNamedByContent: true, signal })) === undefined)
    return undefined;
  target.presence.brought(key);
  return { url: urlOf(target.store, key, undefined), size, values: { [DEFAULT_HASH]: hash } };
}

async function copy(
  { entry, size, from, isWanted }: Item,
  { store, unproved }: Target,
  { key, ...options }: { readonly key: string; readonly isNamedByContent: boolean; readonly signal: AbortSignal },
): Promise<ProvedCopy | undefined> {
  const kind = copyKind(size, options.isNamedByContent);
  if (unproved.has(kind)) return undefined;
  const copied = await store.copyProved({ ...from, etag: entry.etag, size }, key, { isWanted, ...options });
  if (copied === "unproved") unproved.add(kind);
  return typeof copied === "string" ? undefined : copied;
}

function valuesOf({ chunked, whole }: ProvedHashes): Copied["values"] {
  return { [DEFAULT_HASH]: chunked, ...(whole !== undefined && { SHA256: whole }) };
}
