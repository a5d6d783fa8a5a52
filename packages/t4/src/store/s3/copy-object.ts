import { mapConcurrent } from "../../base/concurrency.js";
import { PARTS_AT_ONCE } from "../../hash/chunk-rule.js";
import { documentIn, isDocument, unreadable } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { textOf } from "./document.js";
import { headObject, type ObjectFacts, versionIdIn } from "./get-object.js";
import { logIn, metadataHeaders, nextLog, type WriteLog } from "./metadata.js";
import { type Part, type UploadOutcome, uploadInParts } from "./multipart-upload.js";
import type { Writing } from "./put-object.js";
import { encodeKey, encodeStrictly } from "./sign.js";
import type { Headers } from "./transport.js";

/** The object that is copied: exactly the state that was read. */
export interface CopySource extends Omit<ObjectFacts, "modifiedMs"> {
  readonly bucket: string;
  /** From that bucket's root. */
  readonly key: string;
}

/** Options of {@link copyObject}. */
interface CopyOptions {
  /** From the bucket's root. */
  readonly to: string;
  /** Leaves what is at the key already. */
  readonly isCreate?: boolean;
  /** Copies also what is small in parts, which gives another ETag. Above 5 GiB there is no other way. */
  readonly isInParts?: boolean;
  readonly signal?: AbortSignal;
}

/** As much as S3 copies at once. */
const MAX_COPY_BYTES = 5 * 1024 ** 3;
/** An object of 5 TiB has 10,000 parts of this size. */
const PART_BYTES = 528 * 1024 ** 2;
const METADATA = /^(?:x-amz-meta-.+|content-(?:type|encoding|disposition|language)|cache-control|expires)$/;
/** How an object is stored: a copy that does not name it gets the bucket's defaults. */
const STORAGE = /^x-amz-(?:storage-class|server-side-encryption(?:-.+)?)$/;
/** Defaults, which not every server knows by a name. */
const DEFAULTS = new Set(["STANDARD", "AES256"]);

/**
 * Copies an object inside the server, with its metadata, storage class and key of encryption; no byte passes here.
 *
 * Not written: the source is another by now, or the key was to be free and is not. Many servers do not look whether it is free:
 * ask before.
 */
export async function copyObject(
  { client, newId }: Pick<Writing, "client" | "newId">,
  from: CopySource,
  options: CopyOptions,
): Promise<UploadOutcome> {
  const log = nextLog(newId(), { etag: from.etag, log: logIn(from.headers) });
  const copy: Copy = {
    to: options.to,
    log,
    headers: keptOf(from.headers),
    conditions: options.isCreate === true ? { "if-none-match": "*" } : {},
    signal: options.signal,
  };
  const isInParts = options.isInParts === true || from.size > MAX_COPY_BYTES;
  return isInParts ? copyInParts(client, from, copy) : copyAtOnce(client, from, copy);
}

function isKept([name, value]: readonly [string, string]): boolean {
  return METADATA.test(name) || (STORAGE.test(name) && !DEFAULTS.has(value));
}

function keptOf(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(isKept));
}

interface Copy {
  readonly to: string;
  readonly log: WriteLog;
  readonly headers: Headers;
  readonly conditions: Headers;
  readonly signal: AbortSignal | undefined;
}

const COPIED = "CopyObjectResult";

async function copyAtOnce(client: S3Client, from: CopySource, copy: Copy): Promise<UploadOutcome> {
  const { to, log, headers, conditions, signal } = copy;
  const answer = await client.send({
    method: "PUT",
    key: to,
    headers: {
      ...sourceHeaders(from),
      ...headers,
      ...metadataHeaders({ log }),
      "x-amz-metadata-directive": "REPLACE",
      // The checksum of an object in parts is not that of its copy.
      "x-amz-checksum-algorithm": "SHA256",
      ...conditions,
    },
    expects: [200, 404, 412],
    isLong: true,
    signal,
  });
  const isDone = answer.status === 200 && isDocument(client, answer, COPIED);
  if (isDone) return { written: true, versionId: versionIdIn(answer.headers) };
  // An earlier try, or its duplicate, may be what stands in the way; or a success has no document.
  const present = await headObject(client, to, { signal });
  const written = present !== undefined && logIn(present.headers)[0] === log[0];
  if (!written && answer.status === 200) throw unreadable(client, `expected ${COPIED}`);
  return { written, versionId: written ? present.versionId : undefined };
}

async function copyInParts(client: S3Client, from: CopySource, copy: Copy): Promise<UploadOutcome> {
  const { to: key, log, headers, conditions, signal } = copy;
  const partBytes = partBytesOf(from);
  const count = Math.ceil(from.size / partBytes);
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  let isOther = false;
  const because = (): Error => {
    isOther = true;
    return new Error("Nothing was copied: the source is another by now.");
  };
  const send = (uploadId: string): AsyncGenerator<Part, void, undefined> =>
    mapConcurrent(
      numbers,
      async (number, partSignal) => {
        const range = [(number - 1) * partBytes, Math.min(number * partBytes, from.size)] as const;
        const refusal = { statuses: [404, 412], because };
        const part = { key, uploadId, number, range, refusal, signal: partSignal };
        return { number, etag: (await copyPart(client, from, part)).etag };
      },
      { concurrency: PARTS_AT_ONCE, signal },
    );
  try {
    return await uploadInParts(client, { key, log, headers, conditions, send, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (isOther) return { written: false, versionId: undefined };
    throw error;
  }
}

/** Bytes of a part: not those by which the source was copied before, or the copy would have the same ETag. */
function partBytesOf({ size, etag }: CopySource): number {
  const hasTheseParts = etag.replaceAll('"', "").endsWith(`-${Math.ceil(size / PART_BYTES)}`);
  return hasTheseParts ? 2 * PART_BYTES : PART_BYTES;
}

/** A part of an upload that is copied. */
interface PartCopy {
  readonly key: string;
  readonly uploadId: string;
  readonly number: number;
  /** Half-open, in bytes. */
  readonly range: readonly [number, number];
  /** Answers that refuse it, and what is thrown then; default: what the client throws. */
  readonly refusal?: { readonly statuses: readonly number[]; readonly because: (status: number) => Error };
  readonly signal: AbortSignal;
}

/** Copies a range of an object as a part of an upload; its checksum is there if the server tells one. */
export async function copyPart(client: S3Client, from: CopiedState, part: PartCopy): Promise<Part> {
  const { key, uploadId, number, range, refusal, signal } = part;
  const answer = await client.send({
    method: "PUT",
    key,
    query: { partNumber: String(number), uploadId },
    headers: { ...sourceHeaders(from), "x-amz-copy-source-range": `bytes=${range[0]}-${range[1] - 1}` },
    expects: [200, ...(refusal?.statuses ?? [])],
    isLong: true,
    signal,
  });
  if (refusal !== undefined && answer.status !== 200) throw refusal.because(answer.status);
  const result = documentIn(client, answer, "CopyPartResult");
  return { number, etag: textOf(result, "ETag"), checksum: textOf(result, "ChecksumSHA256") };
}

/** What is copied, as far as it must be that. */
type CopiedState = Pick<CopySource, "bucket" | "key"> & Partial<Pick<CopySource, "versionId" | "etag">>;

/** Headers that name the source, and refuse another state of it than one that is given. */
export function sourceHeaders({ bucket, key, versionId, etag }: CopiedState): Headers {
  const version = versionId === undefined ? "" : `?versionId=${encodeStrictly(versionId)}`;
  return {
    "x-amz-copy-source": `/${bucket}/${encodeKey(key)}${version}`,
    ...(etag !== undefined && { "x-amz-copy-source-if-match": etag }),
  };
}
