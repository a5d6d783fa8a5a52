import { checkBody, checksumElements, checksumHeaders, etagOf, fullChecksum } from "../body-checks.js";
import { answer, bucketOf, type Call, document, uploadOf } from "../call.js";
import type { Checksum } from "../checksum.js";
import { keptHeaders } from "../kept-headers.js";
import { checkKey } from "../key-rules.js";
import type { HttpResponse } from "../message.js";
import type { MultipartUpload, Part } from "../multipart-upload.js";
import { parseRange } from "../range.js";
import { S3Error } from "../s3-error.js";
import { askedChecksum, readSource, sourceHeader } from "./copy-object.js";

/** CreateMultipartUpload. */
export function createMultipartUpload(call: Call): HttpResponse {
  const { service, key } = call;
  const bucket = bucketOf(call);
  checkKey(call, bucket);
  const asked = service.has("checksums-dropped") ? undefined : askedChecksum(call);
  const name = asked ?? (service.has("no-default-checksum") ? undefined : "crc64nvme");
  const type = (call.headers["x-amz-checksum-type"] ?? defaultType(name)) as Checksum["type"];
  if ((type === "FULL_OBJECT" && name?.startsWith("sha")) || (type === "COMPOSITE" && name === "crc64nvme")) {
    throw new S3Error(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${name} checksum algorithm.`,
    );
  }
  const upload: MultipartUpload = {
    id: service.newId(64),
    key,
    headers: keptHeaders(call),
    checksumName: name,
    checksumType: type,
    startedMs: service.now(),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return document(
    "InitiateMultipartUploadResult",
    { Bucket: bucket.name, Key: key, UploadId: upload.id },
    asked === undefined ? {} : { "x-amz-checksum-algorithm": asked.toUpperCase(), "x-amz-checksum-type": type },
  );
}

const defaultType = (name: string | undefined): Checksum["type"] =>
  name === undefined || name === "crc64nvme" ? "FULL_OBJECT" : "COMPOSITE";

function partNumber(call: Call): number {
  const number = Number(call.query.get("partNumber"));
  const { maxParts } = call.service.limits;
  if (Number.isInteger(number) && number >= 1 && number <= maxParts) return number;
  throw new S3Error("InvalidArgument", `Part number must be an integer between 1 and ${maxParts}, inclusive`, {
    elements: { ArgumentName: "partNumber", ArgumentValue: call.query.get("partNumber") ?? "" },
  });
}

function addPart(upload: MultipartUpload, part: Part): void {
  upload.parts.set(part.number, part);
}

/** UploadPart. */
export function uploadPart(call: Call): HttpResponse {
  const upload = uploadOf(call);
  const number = partNumber(call);
  const checksum = checkBody(call);
  const isExpected = upload.checksumName === undefined || checksum?.name === upload.checksumName;
  if (!isExpected && upload.checksumType === "COMPOSITE") {
    throw new S3Error(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumName}, actual checksum Type: ${checksum?.name ?? "null"}`,
    );
  }
  const etag = etagOf(call.body);
  addPart(upload, { number, body: call.body, etag, checksum, modifiedMs: call.service.now() });
  return answer(200, { etag, ...checksumHeaders(checksum), "x-amz-checksum-type": undefined });
}

/** UploadPartCopy. */
export function uploadPartCopy(call: Call): HttpResponse {
  const upload = uploadOf(call);
  const number = partNumber(call);
  const { bucket, version } = readSource(call);
  const range = call.headers["x-amz-copy-source-range"];
  const [from, to] = parseRange(range, version.body.length) ?? [0, version.body.length];
  const body = version.body.subarray(from, to);
  const checksum = checksumOfPart(call, upload, { body, source: version.checksum });
  const part = { number, body, etag: etagOf(body), checksum, modifiedMs: call.service.now() };
  addPart(upload, part);
  const result = { ETag: part.etag, LastModified: new Date(part.modifiedMs).toISOString() };
  return document("CopyPartResult", { ...result, ...checksumElements(checksum) }, sourceHeader(bucket, version));
}

/** A copied part has the checksum that its upload has. */
function checksumOfPart(
  { service }: Call,
  upload: MultipartUpload,
  { body, source }: { readonly body: Uint8Array; readonly source: Checksum | undefined },
): Checksum | undefined {
  const { checksumName } = upload;
  if (checksumName === undefined || service.has("part-copy-checksums-untold")) return undefined;
  if (service.has("part-copy-checksums-refused"))
    throw new S3Error("InvalidArgument", `checksum missing, want "${checksumName.toUpperCase()}", got ""`);
  const isOfSource = service.has("part-copy-checksums-of-source") && source?.name === checksumName;
  return isOfSource ? source : fullChecksum(checksumName, body);
}

/** AbortMultipartUpload. */
export function abortMultipartUpload(call: Call): HttpResponse {
  bucketOf(call).uploads.delete(uploadOf(call).id);
  return answer(204);
}
