import { chunkCountFor, chunkSizeFor } from "../../hash/chunk-rule.js";
import { hashOfChunks } from "../../hash/chunked.js";
import type { HashType } from "../../hash/hasher.js";
import { documentIn } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { childOf, textOf } from "./document.js";
import { headObject, type ObjectFacts, versionQuery } from "./get-object.js";

/** An object, with the hash that the server's own checksum of it gives. */
export interface DescribedObject extends ObjectFacts {
  /** `undefined`: the server keeps no SHA-256 of it, or one of parts that are not the chunks of `sha2-256-chunked`. */
  readonly hash: { readonly type: HashType; readonly value: string } | undefined;
}

/**
 * Says what an object is, without reading it; `undefined` when it is absent. One request, and one more for an object that came in
 * parts as `sha2-256-chunked` has its chunks, whose sizes have to be looked at.
 */
export async function describeObject(
  client: S3Client,
  key: string,
  options: { readonly versionId?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<DescribedObject | undefined> {
  const found = await headObject(client, key, { ...options, withChecksum: true });
  return found && { ...found, hash: await hashIn(client, { key, ...options }, found) };
}

/** A SHA-256 in base64; one of parts with their number. */
const CHECKSUM = /^(?<value>[A-Za-z0-9+/]{43}=)(?:-(?<parts>[1-9][0-9]{0,4}))?$/;

interface Place {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function hashIn(
  client: S3Client,
  place: Place,
  { size, etag, headers }: ObjectFacts,
): Promise<DescribedObject["hash"]> {
  const { value, parts } = CHECKSUM.exec(headers["x-amz-checksum-sha256"] ?? "")?.groups ?? {};
  if (value === undefined) return undefined;
  const digest = Buffer.from(value, "base64");
  if (parts === undefined) {
    // Some servers tell the checksum of parts as if it were the object's; its ETag gives it away.
    const isWhole = headers["x-amz-checksum-type"] === "FULL_OBJECT" || !etag.includes("-");
    return isWhole ? ofWhole(digest, size) : undefined;
  }
  const count = chunkCountFor(size);
  if (Number(parts) !== count) return undefined;
  if (count > 1 && !(await hasChunks(client, place, size))) return undefined;
  return { type: "sha2-256-chunked", value };
}

/** An object of one chunk has one digest of it; of a larger one, this is the SHA-256 of all bytes. */
function ofWhole(digest: Buffer, size: number): DescribedObject["hash"] {
  const count = chunkCountFor(size);
  if (count > 1) return { type: "SHA256", value: digest.toString("hex") };
  return { type: "sha2-256-chunked", value: hashOfChunks(count === 0 ? [] : [digest]) };
}

/** Parts that are listed in one answer. */
const PARTS_PER_PAGE = 1000;

/** Whether the parts in which an object came are the chunks of its hash. */
async function hasChunks(client: S3Client, place: Place, size: number): Promise<boolean> {
  const chunkSize = chunkSizeFor(size);
  const count = chunkCountFor(size);
  let seen = 0;
  while (seen < count) {
    const sizes = await partSizes(client, place, seen);
    for (const each of sizes) {
      seen++;
      if (each !== (seen < count ? chunkSize : size - (count - 1) * chunkSize)) return false;
    }
    // Many servers do not tell the parts.
    if (sizes.length === 0) return false;
  }
  return seen === count;
}

async function partSizes(client: S3Client, place: Place, after: number): Promise<readonly number[]> {
  const { key, versionId, signal } = place;
  const answer = await client.send({
    method: "GET",
    key,
    query: { attributes: "", ...versionQuery(versionId) },
    headers: {
      "x-amz-object-attributes": "ObjectParts",
      "x-amz-max-parts": String(PARTS_PER_PAGE),
      "x-amz-part-number-marker": String(after),
    },
    expects: [200, 400, 403, 404, 405, 501],
    signal,
  });
  if (answer.status !== 200) return [];
  return (childOf(documentIn(client, answer), "ObjectParts")?.children["Part"] ?? [])
    .filter((part) => Number(textOf(part, "PartNumber")) > after)
    .map((part) => Number(textOf(part, "Size")));
}
