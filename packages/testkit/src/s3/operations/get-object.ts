import { checksumHeaders } from "../body-checks.js";
import type { Bucket, ObjectVersion } from "../bucket.js";
import { answer, bucketOf, type Call } from "../call.js";
import { checkRead, noSuchKey } from "../conditions.js";
import { EMPTY, type HttpResponse } from "../message.js";
import { type ByteRange, parseRange } from "../range.js";
import { S3Error } from "../s3-error.js";
import { versionHeader } from "./put-object.js";

/**
 * Finds the version that a read means.
 *
 * @throws {@link S3Error} `NoSuchKey`, `NoSuchVersion`, `InvalidArgument`, `MethodNotAllowed` for a delete marker.
 */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId === undefined) {
    const newest = bucket.objects.newest(key);
    if (newest === undefined) throw noSuchKey(key);
    if (newest.isDeleteMarker) {
      throw noSuchKey(key, { "x-amz-delete-marker": "true", "x-amz-version-id": newest.versionId });
    }
    return newest;
  }
  if (versionId !== "null" && !/^[A-Za-z0-9._-]{16,1024}$/.test(versionId)) {
    throw new S3Error("InvalidArgument", "Invalid version id specified", {
      elements: { ArgumentName: "versionId", ArgumentValue: versionId },
    });
  }
  const version = bucket.objects.find(key, versionId);
  if (version === undefined) {
    throw new S3Error("NoSuchVersion", "The specified version does not exist.", {
      elements: { Key: key, VersionId: versionId },
    });
  }
  if (version.isDeleteMarker) {
    throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
      headers: { "x-amz-delete-marker": "true", allow: "DELETE" },
    });
  }
  return version;
}

function sliceOf(call: Call, version: ObjectVersion): ByteRange | undefined {
  const part = call.query.get("partNumber");
  if (part === undefined) return parseRange(call.headers["range"], version.body.length);
  const sizes = version.partSizes ?? [version.body.length];
  const index = Number(part) - 1;
  const size = sizes[index];
  if (size === undefined) throw new S3Error("InvalidRange", "The requested partnumber is not satisfiable");
  const from = sizes.slice(0, index).reduce((sum, each) => sum + each, 0);
  return [from, from + size];
}

/** GetObject and HeadObject. */
export function getObject(call: Call): HttpResponse {
  const { key, headers, query } = call;
  const bucket = bucketOf(call);
  const version = findVersion(bucket, key, query.get("versionId"));
  const facts = {
    etag: version.etag,
    "last-modified": new Date(version.modifiedMs).toUTCString(),
    "x-amz-version-id": versionHeader(bucket, version),
  };
  if (!checkRead(version, headers)) return answer(304, facts);
  const slice = sliceOf(call, version);
  const size = version.body.length;
  const [from, to] = slice ?? [0, size];
  const isWhole = slice === undefined && headers["x-amz-checksum-mode"] === "ENABLED";
  const body = call.operation === "HeadObject" ? EMPTY : version.body.subarray(from, to);
  return answer(
    slice === undefined ? 200 : 206,
    {
      "content-type": "binary/octet-stream",
      ...version.headers,
      ...facts,
      "accept-ranges": "bytes",
      "content-length": String(to - from),
      "content-range": slice === undefined ? undefined : `bytes ${from}-${to - 1}/${size}`,
      "x-amz-mp-parts-count": query.has("partNumber") ? String(version.partSizes?.length ?? 1) : undefined,
      ...(isWhole ? checksumHeaders(version.checksum) : {}),
      ...responseHeaders(query),
    },
    body,
  );
}

/** Headers that a presigned URL asks to have in the answer. */
function responseHeaders(query: ReadonlyMap<string, string>): Record<string, string> {
  const names = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
  ];
  const asked = names.map((name) => [name, query.get(`response-${name}`)] as const);
  return Object.fromEntries(asked.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}
