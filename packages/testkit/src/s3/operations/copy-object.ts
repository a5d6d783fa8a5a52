import { checksumElements, etagOf, fullChecksum } from "../body-checks.js";
import type { Bucket, ObjectVersion } from "../bucket.js";
import { bucketOf, type Call, document } from "../call.js";
import { CHECKSUM_NAMES, type Checksum, type ChecksumName } from "../checksum.js";
import { checkRead, checkWrite } from "../conditions.js";
import { copiedHeaders, keptHeaders, storageHeaders } from "../kept-headers.js";
import { checkKey } from "../key-rules.js";
import type { HttpResponse } from "../message.js";
import { S3Error } from "../s3-error.js";
import { findVersion } from "./get-object.js";
import { storeObject, versionHeader } from "./put-object.js";

/** Where a copy comes from. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Reads `x-amz-copy-source`: `[/]bucket/key[?versionId=…]`, percent-encoded. */
export function copySourceOf(header: string): CopySource {
  const [path = "", id] = header.replace(/^\//, "").split("?versionId=");
  const decoded = decodeURIComponent(path);
  const slash = decoded.indexOf("/");
  if (slash < 1)
    throw new S3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId: id };
}

/** A copy's source, once its conditions hold. */
export function readSource(call: Call): { readonly bucket: Bucket; readonly version: ObjectVersion } {
  const source = copySourceOf(call.headers["x-amz-copy-source"] ?? "");
  const bucket = bucketOf({ service: call.service, bucket: source.bucket });
  const version = findVersion(bucket, source.key, source.versionId);
  if (!call.service.has("copy-source-conditions-ignored")) checkRead(version, call.headers, "x-amz-copy-source-");
  return { bucket, version };
}

/** Headers that name the version that was copied. */
export function sourceHeader(bucket: Bucket, version: ObjectVersion): Record<string, string | undefined> {
  return { "x-amz-copy-source-version-id": versionHeader(bucket, version) };
}

/** The algorithm that a request asks a checksum of, if any. */
export function askedChecksum(call: Call): ChecksumName | undefined {
  const asked = call.headers["x-amz-checksum-algorithm"]?.toLowerCase();
  const name = CHECKSUM_NAMES.find((each) => each === asked);
  if (asked !== undefined && name === undefined) {
    throw new S3Error(
      "InvalidRequest",
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
    );
  }
  return name;
}

/** CopyObject. */
export function copyObject(call: Call): HttpResponse {
  const { service, key, headers } = call;
  const bucket = bucketOf(call);
  const { bucket: sourceBucket, version: source } = readSource(call);
  const isReplacing = headers["x-amz-metadata-directive"] === "REPLACE";
  checkKey({ ...call, body: source.body }, bucket);
  checkSelfCopy(call, source, isReplacing);
  if (source.body.length > service.limits.maxPutBytes) {
    throw new S3Error(
      "InvalidRequest",
      `The specified copy source is larger than the maximum allowable size for a copy source: ${service.limits.maxPutBytes}`,
    );
  }
  checkWrite({ service, bucket, key, headers, ignoredBy: "copy-conditions-ignored" });
  const written = storeObject(service, bucket, {
    key,
    body: source.body,
    etag: etagOf(source.body),
    headers: isReplacing ? keptHeaders(call) : { ...copiedHeaders(source.headers), ...storageHeaders(call) },
    checksum: checksumOfCopy(call, source),
    partSizes: undefined,
  });
  const result = { ETag: written.etag, LastModified: new Date(written.modifiedMs).toISOString() };
  return document(
    "CopyObjectResult",
    { ...result, ...(service.has("copy-checksums-untold") ? {} : checksumElements(written.checksum)) },
    { "x-amz-version-id": versionHeader(bucket, written), ...sourceHeader(sourceBucket, source) },
  );
}

/** A copy has one checksum over all bytes, of the algorithm asked for, or of its source's. */
function checksumOfCopy(call: Call, source: ObjectVersion): Checksum | undefined {
  const { service } = call;
  if (service.has("checksums-dropped") && service.has("copy-checksums-untold")) return undefined;
  const name = askedChecksum(call) ?? source.checksum?.name;
  return name === undefined ? undefined : fullChecksum(name, source.body);
}

function checkSelfCopy(call: Call, source: ObjectVersion, isReplacing: boolean): void {
  const from = copySourceOf(call.headers["x-amz-copy-source"] ?? "");
  const isSelf = from.bucket === call.bucket && source.key === call.key && from.versionId === undefined;
  if (!isSelf || isReplacing) return;
  throw new S3Error(
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}
