import { createHash } from "node:crypto";
import { announcedChecksum, checksumElements, fullChecksum } from "../body-checks.js";
import { bucketOf, type Call, document, uploadOf } from "../call.js";
import { CHECKSUM_NAMES, type Checksum, digest } from "../checksum.js";
import { checkWrite } from "../conditions.js";
import type { HttpResponse } from "../message.js";
import type { MultipartUpload, Part } from "../multipart-upload.js";
import { S3Error } from "../s3-error.js";
import { children, childText, readXml, type XmlNode } from "../xml.js";
import { storeObject, versionHeader } from "./put-object.js";

/** CompleteMultipartUpload. */
export function completeMultipartUpload(call: Call): HttpResponse {
  const { service, key, headers } = call;
  const bucket = bucketOf(call);
  const upload = uploadOf(call);
  const parts = listedParts(call, upload);
  checkSizes(call, parts);
  const body = Buffer.concat(parts.map((part) => part.body));
  const checksum = checksumOf(upload, parts, body);
  checkAnnounced(call, checksum, body);
  checkWrite({ service, bucket, key, headers, ignoredBy: "complete-conditions-ignored" });
  const digests = parts.map((part) => Buffer.from(part.etag.slice(1, -1), "hex"));
  const etag = `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${parts.length}"`;
  const partSizes = parts.map((part) => part.body.length);
  const written = storeObject(service, bucket, { key, body, etag, headers: upload.headers, checksum, partSizes });
  bucket.uploads.delete(upload.id);
  const path = key.split("/").map(encodeURIComponent).join("/");
  return document(
    "CompleteMultipartUploadResult",
    {
      Location: `/${bucket.name}/${path}`,
      Bucket: bucket.name,
      Key: key,
      ETag: service.has("complete-etag-empty") ? "" : etag,
      ...checksumElements(checksum),
    },
    { "x-amz-version-id": versionHeader(bucket, written) },
  );
}

function listedParts(call: Call, upload: MultipartUpload): readonly Part[] {
  const listed = children(readXml(call.body, "CompleteMultipartUpload"), "Part");
  if (listed.length === 0) {
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  const parts = listed.map((node) => listedPart(upload, node));
  if (parts.some((part, i) => part.number <= (parts[i - 1]?.number ?? 0))) {
    throw new S3Error(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
    );
  }
  return parts;
}

function listedPart(upload: MultipartUpload, node: XmlNode): Part {
  const number = Number(childText(node, "PartNumber"));
  const part = upload.parts.get(number);
  const etag = childText(node, "ETag")?.replaceAll('"', "");
  const given = CHECKSUM_NAMES.map((name) => [name, childText(node, `Checksum${name.toUpperCase()}`)] as const).find(
    ([, value]) => value !== undefined,
  );
  const isOther = given !== undefined && part?.checksum !== undefined && given[1] !== part.checksum.value;
  if (part === undefined || `"${etag}"` !== part.etag || isOther) {
    throw new S3Error(
      "InvalidPart",
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { elements: { UploadId: upload.id, PartNumber: String(number), ETag: etag ?? "" } },
    );
  }
  if (upload.checksumName !== undefined && upload.checksumType === "COMPOSITE" && given === undefined) {
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using a ${upload.checksumName} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
  return part;
}

function checkSizes({ service }: Call, parts: readonly Part[]): void {
  const small = parts.slice(0, -1).find(({ body }) => body.length < service.limits.minPartBytes);
  if (small === undefined) return;
  throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    elements: {
      ProposedSize: String(small.body.length),
      MinSizeAllowed: String(service.limits.minPartBytes),
      PartNumber: String(small.number),
      ETag: small.etag.slice(1, -1),
    },
  });
}

function checksumOf(upload: MultipartUpload, parts: readonly Part[], body: Uint8Array): Checksum | undefined {
  const { checksumName: name, checksumType: type } = upload;
  if (name === undefined) return undefined;
  if (type === "FULL_OBJECT") return fullChecksum(name, body);
  const digests = parts.map(({ checksum }) => Buffer.from(checksum?.value ?? "", "base64"));
  const value = Buffer.from(digest(name, Buffer.concat(digests))).toString("base64");
  return { name, type, value: `${value}-${parts.length}` };
}

/** A checksum of the whole object that comes with the request. */
function checkAnnounced(call: Call, checksum: Checksum | undefined, body: Uint8Array): void {
  const announced = announcedChecksum(call);
  const size = call.headers["x-amz-mp-object-size"];
  if (size !== undefined && Number(size) !== body.length) {
    throw new S3Error(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${body.length}`,
    );
  }
  if (announced === undefined || call.service.has("checksums-unchecked")) return;
  if (announced.name !== checksum?.name || announced.value !== checksum.value) {
    throw new S3Error("BadDigest", `The ${announced.name} you specified did not match the calculated checksum.`);
  }
}
