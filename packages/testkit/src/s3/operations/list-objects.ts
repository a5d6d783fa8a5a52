import type { ObjectVersion } from "../bucket.js";
import { bucketOf, type Call, document } from "../call.js";
import type { HttpResponse } from "../message.js";
import { S3Error } from "../s3-error.js";
import type { XmlContent } from "../xml.js";
import { keyWriter, listPage, listRequest } from "./list-page.js";

/** ListObjectsV2. */
export function listObjects(call: Call): HttpResponse {
  const { query } = call;
  const { objects, name } = bucketOf(call);
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const request = listRequest(call, token === undefined ? (startAfter ?? "") : readToken(token));
  const page = listPage(objects.keys(), request, (key) => {
    const present = objects.present(key);
    return present === undefined ? [] : [present];
  });
  const write = keyWriter(request);
  return document("ListBucketResult", {
    Name: name,
    Prefix: write(request.prefix),
    Delimiter: request.delimiter === "" ? undefined : write(request.delimiter),
    EncodingType: request.isEncoded ? "url" : undefined,
    StartAfter: startAfter === undefined ? undefined : write(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.isTruncated ? writeToken(page.last) : undefined,
    KeyCount: page.items.length + page.prefixes.length,
    MaxKeys: request.maxKeys,
    IsTruncated: page.isTruncated,
    Contents: page.items.map((object) => ({ Key: write(object.key), ...listed(object) })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: write(prefix) })),
  });
}

/** What listings tell of an object beside its key. */
export function listed(object: ObjectVersion): Record<string, XmlContent> {
  return {
    LastModified: new Date(object.modifiedMs).toISOString(),
    ETag: object.etag,
    ChecksumAlgorithm: object.checksum?.name.toUpperCase(),
    ChecksumType: object.checksum?.type,
    Size: object.body.length,
    StorageClass: "STANDARD",
  };
}

const TOKEN_MARK = "1.";
const writeToken = (key: string): string => TOKEN_MARK + Buffer.from(key).toString("base64");

function readToken(token: string): string {
  if (!token.startsWith(TOKEN_MARK))
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect");
  return Buffer.from(token.slice(TOKEN_MARK.length), "base64").toString();
}
