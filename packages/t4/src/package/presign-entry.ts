import { basename } from "node:path/posix";
import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { parsePhysicalKey } from "../format/physical-key.js";
import type { DescribedObject } from "../store/s3/describe-object.js";
import { encodeStrictly } from "../store/s3/sign.js";
import { type FileAccess, trusts } from "./sources/file-access.js";
import { bucketFor, gone, type ObjectPlace } from "./sources/remote-source.js";

/** Options of `PackageEntry.presign`. */
export interface PresignOptions {
  /** Seconds from now after which the URL stops, from 1 to 604,800, a week. Default 3600, an hour. */
  readonly expiresInSeconds?: number;
  /** Aborts. */
  readonly signal?: AbortSignal;
}

/** A URL with which whoever has it can read one file for a while. */
export interface PresignedUrl {
  /** It holds a signature, and the id of the access key; never the secret key. */
  readonly url: string;
  /** When it stops: after `expiresInSeconds`, or with temporary credentials when these end, if that is before. */
  readonly expiresAt: Date;
}

/** Servers take no more: a week. */
const MOST_SECONDS = 604_800;
const DEFAULT_SECONDS = 3600;

/** Makes a URL for the bytes of an entry. */
export async function presignEntry(
  entry: Entry,
  access: FileAccess,
  { expiresInSeconds = DEFAULT_SECONDS, signal }: PresignOptions,
): Promise<PresignedUrl> {
  requireSeconds(expiresInSeconds);
  const place = placeOf(entry);
  requireTrusted(entry, { place, access });
  const bucket = await bucketFor(access, place.bucket);
  // Who gets the URL does not verify what it reads: what the server says of the object is looked at here.
  requireSame(entry, { place, found: await bucket.describe(place, { signal }) });
  const signed = await bucket.presign(place, { expiresInSeconds, disposition: dispositionOf(entry) });
  if (signed === undefined) throw unsigned(place);
  return { url: signed.url, expiresAt: new Date(signed.expiresAtMs) };
}

function requireSeconds(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS) return;
  throw new T4Error("ERR_T4_USAGE", `A URL holds for 1 to ${MOST_SECONDS} seconds, got ${String(seconds)}.`, {
    hint: "A week is the most that servers take; make another one then.",
    facts: { option: "expiresInSeconds" },
  });
}

function placeOf({ logicalKey, physicalKeys }: Entry): ObjectPlace {
  const [url] = physicalKeys;
  const place = url === undefined ? undefined : parsePhysicalKey(url);
  if (place?.kind === "s3") return place;
  throw new T4Error(
    "ERR_T4_UNSUPPORTED",
    `${JSON.stringify(logicalKey)} is in no bucket: there is no URL for others.`,
    {
      hint: "Push the package to a bucket, and take the file of the revision that is there.",
      facts: { logicalKey },
    },
  );
}

/** A stranger's package must not have us give others what only we may read. */
function requireTrusted(
  { logicalKey }: Entry,
  { place: { bucket }, access }: { readonly place: ObjectPlace; readonly access: FileAccess },
): void {
  if (trusts(access, bucket)) return;
  throw new T4Error(
    "ERR_T4_ACCESS",
    `${JSON.stringify(logicalKey)} is in another bucket, ${bucket}: no URL is signed for it with your credentials unasked.`,
    {
      hint: `If you trust this package with that bucket: --trust-bucket ${bucket} (trustBuckets in the library).`,
      facts: { logicalKey, bucket },
    },
  );
}

/** What is there must be the entry's bytes, as far as the server knows. */
function requireSame(
  entry: Entry,
  { place, found }: { readonly place: ObjectPlace; readonly found: DescribedObject | undefined },
): void {
  const { logicalKey } = entry;
  const url = `s3://${place.bucket}/${place.key}`;
  if (found === undefined) throw gone(logicalKey, url);
  const other = differenceOf(entry, found);
  if (other === undefined) return;
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The object ${url} is not what the package says of ${JSON.stringify(logicalKey)}: expected ${other.expected}, got ${other.got}.`,
    { hint: "It was changed or damaged since; t4 fsck shows what else is.", facts: { logicalKey, url } },
  );
}

/** In what an object is another one than an entry's: its size, its hash where the server keeps one, the state that was set. */
function differenceOf(
  { size, hash, etag }: Entry,
  found: DescribedObject,
): { readonly expected: string; readonly got: string } | undefined {
  if (typeof size === "number" && size !== found.size) return { expected: `${size} bytes`, got: `${found.size}` };
  if (hash !== null && hash.type === found.hash?.type && hash.value !== found.hash.value)
    return { expected: `the hash ${hash.value}`, got: found.hash.value };
  return etag === undefined || etag === found.etag ? undefined : { expected: `the ETag ${etag}`, got: found.etag };
}

function unsigned({ bucket }: ObjectPlace): T4Error {
  return new T4Error("ERR_T4_ACCESS", `Requests for the bucket ${bucket} are not signed: there is no URL for others.`, {
    hint: "Set AWS_PROFILE, or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; what everybody may read needs no such URL.",
    facts: { bucket },
  });
}

/** Saved under the file's own name, which the object need not have; never shown as a page of the bucket's site. */
function dispositionOf({ logicalKey }: Entry): string {
  const name = basename(logicalKey);
  const plain = name.replace(/[^\w .~-]/g, "_");
  const exact = plain === name ? "" : `; filename*=UTF-8''${encodeStrictly(name.toWellFormed())}`;
  return `attachment; filename="${plain}"${exact}`;
}
