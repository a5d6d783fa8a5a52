import { bucketOf, type Call, document, uploadOf } from "../call.js";
import { compareKeys } from "../key-order.js";
import type { HttpResponse } from "../message.js";
import type { Part } from "../multipart-upload.js";
import type { XmlContent } from "../xml.js";
import { keyWriter, listPage, listRequest } from "./list-page.js";

/** ListMultipartUploads; all uploads of a key are on one page. */
export function listMultipartUploads(call: Call): HttpResponse {
  const { uploads, name } = bucketOf(call);
  const request = listRequest(call, call.query.get("key-marker") ?? "");
  const all = [...uploads.values()].sort((a, b) => a.startedMs - b.startedMs);
  const keys = [...new Set(all.map(({ key }) => key))].sort(compareKeys);
  const page = listPage(keys, request, (key) => all.filter((upload) => upload.key === key));
  const write = keyWriter(request);
  return document("ListMultipartUploadsResult", {
    Bucket: name,
    Prefix: write(request.prefix),
    KeyMarker: write(request.after),
    MaxUploads: request.maxKeys,
    EncodingType: request.isEncoded ? "url" : undefined,
    IsTruncated: page.isTruncated,
    NextKeyMarker: page.isTruncated ? write(page.last) : undefined,
    NextUploadIdMarker: page.isTruncated ? page.items.at(-1)?.id : undefined,
    Upload: page.items.map(({ key, id, startedMs, checksumName, checksumType }) => ({
      Key: write(key),
      UploadId: id,
      Initiated: new Date(startedMs).toISOString(),
      StorageClass: "STANDARD",
      ChecksumAlgorithm: checksumName?.toUpperCase(),
      ChecksumType: checksumName === undefined ? undefined : checksumType,
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: write(prefix) })),
  });
}

/** ListParts. */
export function listParts(call: Call): HttpResponse {
  const { query, service } = call;
  const upload = uploadOf(call);
  const after = Number(query.get("part-number-marker") ?? 0);
  const limit = Math.min(Number(query.get("max-parts") ?? service.limits.maxKeys), service.limits.maxKeys);
  const rest = [...upload.parts.values()].filter(({ number }) => number > after).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  const isTruncated = rest.length > page.length;
  return document("ListPartsResult", {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: upload.id,
    StorageClass: "STANDARD",
    PartNumberMarker: after,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.number : undefined,
    MaxParts: limit,
    IsTruncated: isTruncated,
    Part: page.map(partElement),
  });
}

function partElement({ number, modifiedMs, etag, body, checksum }: Part): XmlContent {
  const value = checksum === undefined ? {} : { [`Checksum${checksum.name.toUpperCase()}`]: checksum.value };
  return {
    PartNumber: number,
    LastModified: new Date(modifiedMs).toISOString(),
    ETag: etag,
    Size: body.length,
    ...value,
  };
}
