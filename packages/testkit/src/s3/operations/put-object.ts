import { checkBody, checksumHeaders, etagOf } from "../body-checks.js";
import type { Bucket, ObjectVersion } from "../bucket.js";
import { answer, bucketOf, type Call, type Service } from "../call.js";
import { checkWrite } from "../conditions.js";
import { keptHeaders } from "../kept-headers.js";
import { checkKey } from "../key-rules.js";
import { EMPTY, type HttpResponse } from "../message.js";

/** What an object is made of beside its place and time. */
export type NewObject = Pick<ObjectVersion, "key" | "body" | "etag" | "headers" | "checksum" | "partSizes">;

/** Stores an object as the bucket's newest version of it. */
export function storeObject(service: Service, bucket: Bucket, object: NewObject): ObjectVersion {
  const version: ObjectVersion = {
    ...object,
    versionId: bucket.versioning === "Enabled" ? service.newId(32) : "null",
    isDeleteMarker: false,
    modifiedMs: service.now(),
  };
  if (bucket.versioning === "Suspended" && service.has("suspended-forgets")) {
    for (const { versionId } of bucket.objects.history(object.key)) bucket.objects.remove(object.key, versionId);
  }
  bucket.objects.add(version);
  return version;
}

/** Puts a delete marker on top of a key. */
export function storeDeleteMarker(service: Service, bucket: Bucket, key: string): ObjectVersion {
  const versionId = bucket.versioning === "Enabled" ? service.newId(32) : "null";
  const modifiedMs = service.now();
  const nothing = { body: EMPTY, etag: "", headers: {}, checksum: undefined, partSizes: undefined };
  const marker: ObjectVersion = { key, versionId, isDeleteMarker: true, modifiedMs, ...nothing };
  bucket.objects.add(marker);
  return marker;
}

/** The header that names a version, in buckets that have versions. */
export function versionHeader(bucket: Bucket, version: ObjectVersion): string | undefined {
  return bucket.versioning === undefined ? undefined : version.versionId;
}

/** PutObject. */
export function putObject(call: Call): HttpResponse {
  const { service, key, headers, body } = call;
  const bucket = bucketOf(call);
  checkKey(call, bucket);
  const kept = keptHeaders(call);
  const checksum = checkBody(call);
  if (!call.isChecked) checkWrite({ service, bucket, key, headers });
  const object = { key, body, etag: etagOf(body), headers: kept, checksum, partSizes: undefined };
  const version = storeObject(service, bucket, object);
  return answer(200, {
    etag: version.etag,
    "x-amz-version-id": versionHeader(bucket, version),
    ...checksumHeaders(checksum),
  });
}
