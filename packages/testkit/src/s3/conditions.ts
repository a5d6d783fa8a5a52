import type { Bucket, ObjectVersion } from "./bucket.js";
import type { Service } from "./call.js";
import type { Deviation } from "./deviations.js";
import type { Headers } from "./message.js";
import { S3Error } from "./s3-error.js";

const bare = (etag: string): string => etag.trim().replace(/^"|"$/g, "");

/** Whether a condition's list of ETags, quoted or not, names this one. */
function names(condition: string, etag: string): boolean {
  return condition.trim() === "*" || condition.split(",").some((each) => bare(each) === bare(etag));
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    elements: { Condition: condition },
  });
}

/** A write that may be conditional. */
export interface ConditionalWrite {
  readonly service: Service;
  readonly bucket: Bucket;
  readonly key: string;
  readonly headers: Headers;
  /** An engine with this deviation looks at no condition here. */
  readonly ignoredBy?: Deviation;
}

/**
 * Checks If-None-Match and If-Match of a write against the present object.
 *
 * @throws {@link S3Error} `PreconditionFailed` (412); `NoSuchKey` (404) for If-Match where no object is.
 */
export function checkWrite(write: ConditionalWrite): void {
  if (write.ignoredBy !== undefined && write.service.has(write.ignoredBy)) return;
  checkCreate(write);
  checkMatch(write);
}

function checkCreate({ service, bucket, key, headers }: ConditionalWrite): void {
  const condition = headers["if-none-match"];
  if (condition === undefined || service.has("create-ignored")) return;
  if (bucket.versioning === "Enabled" && service.has("create-ignored-when-versioned")) return;
  if (condition !== "*") {
    throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented");
  }
  const inTheWay = service.has("create-after-delete-refused")
    ? bucket.objects.newest(key)
    : bucket.objects.present(key);
  if (inTheWay !== undefined) throw failed("If-None-Match");
}

function checkMatch({ service, bucket, key, headers }: ConditionalWrite): void {
  const condition = headers["if-match"];
  if (condition === undefined || service.has("match-ignored")) return;
  if (bucket.versioning === "Enabled" && service.has("match-refused-when-versioned")) throw failed("If-Match");
  const present = bucket.objects.present(key);
  if (present === undefined) throw service.has("match-missing-is-412") ? failed("If-Match") : noSuchKey(key);
  if (service.has("match-quoted-refused") && condition.startsWith('"')) throw failed("If-Match");
  if (!names(condition, present.etag)) throw failed("If-Match");
}

/** The answer for a key that has no object. */
export function noSuchKey(key: string, headers: Headers = {}): S3Error {
  return new S3Error("NoSuchKey", "The specified key does not exist.", { elements: { Key: key }, headers });
}

/**
 * Checks the conditions of a read; `prefix` is `x-amz-copy-source-` for the source of a copy.
 *
 * @returns `false` when the answer is 304.
 * @throws {@link S3Error} `PreconditionFailed` (412).
 */
export function checkRead(object: ObjectVersion, headers: Headers, prefix = ""): boolean {
  const match = headers[`${prefix}if-match`];
  const noneMatch = headers[`${prefix}if-none-match`];
  const since = Date.parse(headers[`${prefix}if-modified-since`] ?? "");
  const until = Date.parse(headers[`${prefix}if-unmodified-since`] ?? "");
  const modifiedMs = Math.floor(object.modifiedMs / 1000) * 1000;
  if (match !== undefined && !names(match, object.etag)) throw failed("If-Match");
  if (match === undefined && modifiedMs > until) throw failed("If-Unmodified-Since");
  const isSame = noneMatch === undefined ? modifiedMs <= since : names(noneMatch, object.etag);
  if (isSame && prefix !== "") throw failed("If-None-Match");
  return !isSame;
}
