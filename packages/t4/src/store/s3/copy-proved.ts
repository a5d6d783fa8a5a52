import { mapConcurrent } from "../../base/concurrency.js";
import { chunkCountFor, chunkSizeFor, MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../../hash/chunk-rule.js";
import { hashOfChunks } from "../../hash/chunked.js";
import { documentIn } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { copyPart, sourceHeaders } from "./copy-object.js";
import { textOf } from "./document.js";
import { versionIdIn, versionQuery } from "./get-object.js";
import { metadataHeaders } from "./metadata.js";
import { type Part, uploadInParts } from "./multipart-upload.js";
import type { Writing } from "./put-object.js";
import { removeQuietly } from "./remove-object.js";

/** An object of the server whose bytes are to be somewhere else, too. */
export interface ProvedSource {
  readonly bucket: string;
  /** From that bucket's root. */
  readonly key: string;
  readonly versionId?: string | undefined;
  /** The state that must still be there; default: any, as the hash tells whether it is right. */
  readonly etag?: string | undefined;
  /** Bytes. */
  readonly size: number;
}

/** Options of {@link copyProved}. */
export interface ProvedCopyOptions {
  /** From the bucket's root. */
  readonly to: string;
  /**
   * The key must never have other bytes than those that were asked for, as one that is named by its content: hashes are compared
   * before anything has the key. Else an object that turns out wrong is removed again.
   */
  readonly isNamedByContent: boolean;
  /** Whether the bytes may be those that are wanted. */
  readonly isWanted: (hashes: ProvedHashes) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Hashes of bytes that the server computed. */
export interface ProvedHashes {
  /** `sha2-256-chunked`, base64. */
  readonly chunked: string;
  /** SHA-256 of all bytes, hexadecimal; known of objects below 8 MiB that are copied whole. */
  readonly whole: string | undefined;
}

/** A copy whose hash the server computed while it copied. */
export interface ProvedCopy extends ProvedHashes {
  readonly versionId: string | undefined;
}

/**
 * Why the server copied nothing: it may not or cannot read this object as it was, or it proves no hashes of such copies. A hash
 * that is not the one wanted proves nothing either: some servers tell that of another copy than they made.
 */
export type NotCopied = "refused" | "unproved";

/** How an object of a size is copied: in one request, or part by part as `sha2-256-chunked` has its chunks. */
export function copyKind(size: number, isNamedByContent: boolean): "whole" | "parts" {
  return size < MIN_CHUNK_SIZE && !isNamedByContent ? "whole" : "parts";
}

/**
 * Copies an object inside the server, which computes the SHA-256 of what it copied on the way; no byte passes here. One request,
 * or two where the answer does not name the checksum; in parts, one per part and two more.
 *
 * Else nothing is left, and it says why: `"refused"` is about this object, `"unproved"` about the server.
 */
export async function copyProved(
  writing: Writing,
  from: ProvedSource,
  options: ProvedCopyOptions,
): Promise<ProvedCopy | NotCopied> {
  const isInParts = copyKind(from.size, options.isNamedByContent) === "parts";
  if (!isInParts) return copyWhole(writing, from, options);
  // An upload has at least one part with bytes.
  return from.size === 0 ? "refused" : copyParts(writing, from, options);
}

const CONTENT_TYPE = { "content-type": "application/octet-stream" } as const;
const ASK_SHA256 = { "x-amz-checksum-algorithm": "SHA256" } as const;
/** Answers of a server that may not read the source, or finds it changed or gone. */
const REFUSED: readonly number[] = [403, 404, 412];
/** Answers of a server that does not copy, or not with checksums. */
const UNABLE: readonly number[] = [400, 405, 501];
const REFUSALS: readonly number[] = [...REFUSED, ...UNABLE];
const whyNot = (status: number): NotCopied => (REFUSED.includes(status) ? "refused" : "unproved");

async function copyWhole(
  { client, newId }: Writing,
  from: ProvedSource,
  { to, isWanted, signal }: ProvedCopyOptions,
): Promise<ProvedCopy | NotCopied> {
  const directive = { "x-amz-metadata-directive": "REPLACE", ...metadataHeaders({ log: [newId()] }) };
  const answer = await client.send({
    method: "PUT",
    key: to,
    headers: { ...sourceHeaders(from), ...CONTENT_TYPE, ...ASK_SHA256, ...directive },
    expects: [200, ...REFUSALS],
    isLong: true,
    signal,
  });
  if (answer.status !== 200) return whyNot(answer.status);
  const versionId = versionIdIn(answer.headers);
  const told = textOf(documentIn(client, answer, "CopyObjectResult"), "ChecksumSHA256");
  const digest = digestIn(told === "" ? await keptChecksum(client, { key: to, versionId, signal }) : told);
  const hashes = digest && {
    chunked: hashOfChunks(from.size === 0 ? [] : [digest]),
    whole: digest.toString("hex"),
  };
  if (hashes !== undefined && isWanted(hashes)) return { ...hashes, versionId };
  await removeQuietly(client, to, versionId);
  return "unproved";
}

/** The SHA-256 that the server keeps of an object, base64; empty for none. */
async function keptChecksum(
  client: S3Client,
  { key, versionId, signal }: { key: string; versionId: string | undefined; signal: AbortSignal | undefined },
): Promise<string> {
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  const query = versionQuery(versionId);
  const answer = await client.send({ method: "HEAD", key, query, headers, expects: [200, 404], signal });
  return answer.headers["x-amz-checksum-sha256"] ?? "";
}

async function copyParts(
  { client, newId }: Writing,
  from: ProvedSource,
  { to, isWanted, signal }: ProvedCopyOptions,
): Promise<ProvedCopy | NotCopied> {
  let why: NotCopied | undefined;
  const digests: Buffer[] = [];
  const fail = (reason: NotCopied): Error => {
    why = reason;
    return new Error(`Nothing was copied: ${reason}.`);
  };
  const refusal = { statuses: REFUSALS, because: (status: number) => fail(whyNot(status)) };
  const chunkSize = chunkSizeFor(from.size);
  const numbers = Array.from({ length: chunkCountFor(from.size) }, (_, i) => i + 1);
  async function* send(uploadId: string): AsyncGenerator<Part, void, undefined> {
    const copy = async (number: number, partSignal: AbortSignal): Promise<Part> => {
      const range = [(number - 1) * chunkSize, Math.min(number * chunkSize, from.size)] as const;
      const part = await copyPart(client, from, { key: to, uploadId, number, range, refusal, signal: partSignal });
      const digest = digestIn(part.checksum ?? "");
      if (digest === undefined) throw fail("unproved");
      digests[number - 1] = digest;
      return part;
    };
    yield* mapConcurrent(numbers, copy, { concurrency: PARTS_AT_ONCE, signal });
    if (isWanted({ chunked: hashOfChunks(digests), whole: undefined })) return;
    throw fail("unproved");
  }
  try {
    const headers = { ...CONTENT_TYPE, ...ASK_SHA256 };
    const upload = { key: to, log: [newId()], headers, conditions: {}, send, ...(signal && { signal }) };
    const { versionId } = await uploadInParts(client, upload);
    return { chunked: hashOfChunks(digests), whole: undefined, versionId };
  } catch (error) {
    signal?.throwIfAborted();
    if (why !== undefined) return why;
    throw error;
  }
}

/** A SHA-256 in base64; that of parts, which ends in their number, is none of the bytes. */
function digestIn(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, "base64") : undefined;
}
