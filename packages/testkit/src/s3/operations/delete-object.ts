import { announcedChecksum, checkBody } from "../body-checks.js";
import type { Bucket } from "../bucket.js";
import { answer, bucketOf, type Call, document } from "../call.js";
import { checkWrite } from "../conditions.js";
import type { HttpResponse } from "../message.js";
import { S3Error } from "../s3-error.js";
import { children, childText, readXml, type XmlContent } from "../xml.js";
import { storeDeleteMarker, versionHeader } from "./put-object.js";

/** What a deletion did. */
interface Deleted {
  /** A marker was put on top, or a marker was removed. */
  readonly isMarker: boolean;
  readonly versionId: string | undefined;
}

function deleteOne(call: Call, bucket: Bucket, versionId: string | undefined): Deleted {
  const { service, key } = call;
  if (versionId !== undefined) {
    const version = bucket.objects.find(key, versionId);
    bucket.objects.remove(key, versionId);
    return { isMarker: version?.isDeleteMarker === true, versionId };
  }
  if (bucket.versioning === undefined) {
    bucket.objects.remove(key, "null");
    return { isMarker: false, versionId: undefined };
  }
  const marker = storeDeleteMarker(service, bucket, key);
  return { isMarker: true, versionId: versionHeader(bucket, marker) };
}

/** DeleteObject; what is not there counts as deleted. */
export function deleteObject(call: Call): HttpResponse {
  const bucket = bucketOf(call);
  checkWrite({ ...call, bucket, ignoredBy: "delete-conditions-ignored" });
  const { isMarker, versionId } = deleteOne(call, bucket, call.query.get("versionId"));
  return answer(204, { "x-amz-version-id": versionId, "x-amz-delete-marker": isMarker ? "true" : undefined });
}

/** DeleteObjects: up to 1,000 keys, each with or without a version. */
export function deleteObjects(call: Call): HttpResponse {
  const bucket = bucketOf(call);
  if (call.headers["content-md5"] === undefined && announcedChecksum(call) === undefined) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  }
  checkBody(call);
  const root = readXml(call.body, "Delete");
  const objects = children(root, "Object");
  if (objects.length === 0 || objects.length > 1000) {
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  const isQuiet = childText(root, "Quiet") === "true";
  const results = objects.map((node): XmlContent => {
    const key = childText(node, "Key") ?? "";
    const asked = childText(node, "VersionId");
    const { isMarker, versionId } = deleteOne({ ...call, key }, bucket, asked);
    return {
      Key: key,
      VersionId: asked,
      DeleteMarker: isMarker ? true : undefined,
      DeleteMarkerVersionId: isMarker ? versionId : undefined,
    };
  });
  return document("DeleteResult", { Deleted: isQuiet ? [] : results });
}
