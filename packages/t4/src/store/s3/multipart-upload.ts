import { T4Error } from "../../base/errors.js";
import { documentIn, isDocument, unreadable } from "./answer-document.js";
import { bodyOf } from "./body.js";
import type { S3Client } from "./client.js";
import { escapeXml, textOf } from "./document.js";
import { headObject, versionIdIn } from "./get-object.js";
import { logIn, metadataHeaders, type WriteLog } from "./metadata.js";
import type { S3Request } from "./request.js";
import type { Headers } from "./transport.js";

/** A part that the server has. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
  /** SHA-256, base64; for uploads with checksums. */
  readonly checksum?: string;
}

/** An upload in parts. */
export interface MultipartUpload {
  readonly key: string;
  /** The log that the object gets; its first id is this upload's. */
  readonly log: WriteLog;
  /** Kept with the object. */
  readonly headers: Headers;
  /** Conditions on its end. */
  readonly conditions: Headers;
  /** An upload that is begun already. */
  readonly uploadId?: string | undefined;
  /** Told of the upload when it has begun. */
  readonly onBegun?: (uploadId: string) => void;
  /** Whether it stays on the server after an error, so that it can be gone on with. Default: it is removed. */
  readonly staysAfter?: (error: unknown) => boolean;
  /** Sends all parts and gives them in order. */
  readonly send: (uploadId: string) => AsyncIterable<Part>;
  readonly signal?: AbortSignal;
}

/** How an upload ended. */
export interface UploadOutcome {
  /** `false`: its condition did not hold. */
  readonly written: boolean;
  /** In a versioned bucket, the version that it made. */
  readonly versionId: string | undefined;
}

/**
 * Starts an upload, sends its parts and ends it; what fails on the way is removed from the server, unless it is to stay. An
 * end whose answer got lost is settled by reading. The object appears whole at the end, or not at all.
 */
export async function uploadInParts(client: S3Client, upload: MultipartUpload): Promise<UploadOutcome> {
  const { key, signal } = upload;
  const uploadId = upload.uploadId ?? (await start(client, upload));
  upload.onBegun?.(uploadId);
  try {
    const parts: Part[] = [];
    for await (const part of upload.send(uploadId)) parts.push(part);
    const outcome = await complete(client, upload, { uploadId, parts });
    if (!outcome.written) await abandon(client, key, uploadId);
    return outcome;
  } catch (error) {
    if (upload.staysAfter?.(error) !== true) await abandonQuickly(client, key, uploadId);
    signal?.throwIfAborted();
    throw error;
  }
}

/** Starts an upload. Who breaks off meanwhile waits a moment for its name: without it, nobody could remove what has begun. */
async function start(client: S3Client, { key, headers, log, signal }: MultipartUpload): Promise<string> {
  signal?.throwIfAborted();
  const patient = new AbortController();
  const over = new AbortController();
  signal?.addEventListener("abort", () => giveUpLater(patient, over.signal), { once: true, signal: over.signal });
  try {
    const uploadId = await begin(client, { key, headers, log, signal: patient.signal });
    if (signal?.aborted === true) await abandonQuickly(client, key, uploadId);
    return uploadId;
  } finally {
    over.abort();
    signal?.throwIfAborted();
  }
}

function giveUpLater(patient: AbortController, over: AbortSignal): void {
  const timer = setTimeout(() => patient.abort(), QUICK_MS);
  over.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function begin(
  client: S3Client,
  { key, headers, log, signal }: Pick<MultipartUpload, "key" | "headers" | "log" | "signal">,
): Promise<string> {
  const answer = await client.send({
    method: "POST",
    key,
    query: { uploads: "" },
    headers: { ...headers, ...metadataHeaders({ log }) },
    expects: [200],
    signal,
  });
  const uploadId = textOf(documentIn(client, answer, "InitiateMultipartUploadResult"), "UploadId");
  // Requests without one are about the object itself.
  if (uploadId === "") throw unreadable(client, "expected UploadId");
  return uploadId;
}

const COMPLETED = "CompleteMultipartUploadResult";

async function complete(
  client: S3Client,
  { key, log, conditions, signal }: MultipartUpload,
  { uploadId, parts }: { readonly uploadId: string; readonly parts: readonly Part[] },
): Promise<UploadOutcome> {
  const { checksum: _, ...body } = bodyOf(Buffer.from(completeDocument(parts)));
  const answer = await client.send({
    method: "POST",
    key,
    query: { uploadId },
    headers: { "content-type": "application/xml", ...conditions },
    ...body,
    expects: [200, 404, 412],
    isLong: true,
    signal,
  });
  const isDone = answer.status === 200 && isDocument(client, answer, COMPLETED);
  if (isDone) return { written: true, versionId: versionIdIn(answer.headers) };
  // The upload is gone, or its condition does not hold: perhaps because an earlier try, or its duplicate, ended it. Or a success has no
  // document, so that nobody knows who said it.
  const present = await headObject(client, key, { signal });
  if (present !== undefined && logIn(present.headers)[0] === log[0])
    return { written: true, versionId: present.versionId };
  if (answer.status === 412) return { written: false, versionId: undefined };
  if (answer.status === 200) throw unreadable(client, `expected ${COMPLETED}`);
  const url = `s3://${client.bucket}/${key}`;
  throw new T4Error("ERR_T4_IO", `The upload of ${url} is gone from the server before it was complete.`, {
    hint: "Somebody, or a rule of the bucket, removed it; try again.",
    facts: { url },
  });
}

/** Removes an upload and the parts that it has. */
export async function abandon(client: S3Client, key: string, uploadId: string): Promise<void> {
  await client.send(removalOf(key, uploadId));
}

function removalOf(key: string, uploadId: string): S3Request {
  return { method: "DELETE", key, query: { uploadId }, expects: [200, 204, 404] };
}

/** Nobody who broke off waits for longer, milliseconds. */
const QUICK_MS = 5000;

/** Removes an upload that failed, if that works at once; what stays, garbage collection drops. */
async function abandonQuickly(client: S3Client, key: string, uploadId: string): Promise<void> {
  const signal = AbortSignal.timeout(QUICK_MS);
  await client.send({ ...removalOf(key, uploadId), maxTries: 2, signal }).catch(() => undefined);
}

function completeDocument(parts: readonly Part[]): string {
  const listed = parts.map(({ number, etag, checksum }) => {
    const sum = checksum === undefined ? "" : `<ChecksumSHA256>${checksum}</ChecksumSHA256>`;
    return `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag>${sum}</Part>`;
  });
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  return `<CompleteMultipartUpload xmlns="${namespace}">${listed.join("")}</CompleteMultipartUpload>`;
}
