import { isT4Error, T4Error } from "../../base/errors.js";
import type { Entry } from "../../format/entry.js";
import type { PhysicalKey } from "../../format/physical-key.js";
import type { S3Store } from "../../store/s3/s3-store.js";
import type { RemoteSource } from "../../transfer/file-job.js";
import { type FileAccess, trusts } from "./file-access.js";

/** An object of a bucket. */
export type ObjectPlace = Extract<PhysicalKey, { readonly kind: "s3" }>;

/**
 * An entry's bytes in a bucket. Credentials are only shown to the buckets that the package may lead to; any other is read as
 * everybody may.
 */
export function remoteSource(entry: Entry, place: ObjectPlace, access: FileAccess): RemoteSource {
  const { logicalKey, size, etag } = entry;
  const isTrusted = trusts(access, place.bucket);
  if (typeof size !== "number") throw sizeless(logicalKey);
  const url = `s3://${place.bucket}/${place.key}`;
  return {
    url,
    size,
    async read(start, end, signal) {
      const bucket = await bucketFor(access, place.bucket);
      const bytes = await bucket.inBucket
        .read({ ...place, etag }, { range: [start, end], signal })
        .catch((error: unknown) => {
          throw isTrusted ? error : explained(error, { logicalKey, place });
        });
      if (bytes?.length === end - start) return bytes;
      throw bytes === undefined ? gone(logicalKey, url) : shorter(logicalKey, url);
    },
  };
}

/** The buckets that packages with an access were led to: what the user set for them is read once. */
const opened = new WeakMap<FileAccess, Map<string, Promise<S3Store>>>();

/** Opens a bucket as an access says. What reaches S3 is large, and loaded at the first call. */
export function bucketFor(access: FileAccess, bucket: string): Promise<S3Store> {
  const known = opened.get(access) ?? new Map<string, Promise<S3Store>>();
  opened.set(access, known);
  let store = known.get(bucket);
  if (store === undefined) {
    const isTrusted = trusts(access, bucket);
    store = import("./open-bucket.js").then(({ openBucket }) => openBucket(bucket, { isTrusted }));
    known.set(bucket, store);
  }
  return store;
}

/** A stranger's bucket that refuses everybody is perhaps one that the user may read. */
function explained(
  error: unknown,
  { logicalKey, place }: { readonly logicalKey: string; readonly place: ObjectPlace },
): unknown {
  if (!isT4Error(error, "ERR_T4_ACCESS")) return error;
  return new T4Error(
    "ERR_T4_ACCESS",
    `The bytes of ${JSON.stringify(logicalKey)} are in another bucket, ${place.bucket}, which does not show them to everybody.`,
    {
      hint: `Your credentials are not shown to it unasked. If you trust this package with that bucket: --trust-bucket ${place.bucket}.`,
      facts: { logicalKey, bucket: place.bucket },
      cause: error,
    },
  );
}

/** The error for bytes that are no longer where the package says. */
export function gone(logicalKey: string, url: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `The bytes of ${JSON.stringify(logicalKey)} are gone: there is no ${url}.`, {
    hint: "Somebody removed the object; t4 fsck shows all that are missing.",
    facts: { logicalKey, url },
  });
}

/** Without its size there is no telling whether all of it was read, and its hash depends on it. */
function sizeless(logicalKey: string): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `The manifest does not say how large ${JSON.stringify(logicalKey)} is.`, {
    hint: "Set the object again by its URL: its size is asked for then.",
    facts: { logicalKey },
  });
}

function shorter(logicalKey: string, url: string): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `The object ${url} of ${JSON.stringify(logicalKey)} is shorter than the package says.`,
    { hint: "It was changed or damaged since the revision was made.", facts: { logicalKey, url } },
  );
}
