import { chunkSizeFor } from "../../hash/chunk-rule.js";
import { documentIn } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { type Element, textOf } from "./document.js";
import { abandon } from "./multipart-upload.js";

/** A part as the server acknowledged it. */
export interface SentPart {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
  /** SHA-256 of the bytes that were sent, base64. */
  readonly checksum: string;
}

/** An upload that was begun and broken off. */
export interface BegunUpload {
  readonly uploadId: string;
  /** Bytes of the whole object, which say where its parts begin. */
  readonly size: number;
  /** The name of the write that it is. */
  readonly writeId: string;
  readonly parts: ReadonlyMap<number, SentPart>;
}

/** Remembers an upload in parts until it has ended: one that is broken off is gone on with. */
export interface UploadMemory {
  /** Gives the upload that was broken off, once: nobody else goes on with it then. */
  take(): BegunUpload | undefined;
  begun(upload: Omit<BegunUpload, "parts">): void;
  sent(part: SentPart): void;
  /** The upload is broken off here; tells whether whoever comes next can go on with it. */
  left(): boolean;
}

const PARTS_PER_PAGE = 1000;

/**
 * What of an upload the server still has, with those of its parts of which the bytes are known; `undefined`: nothing. One
 * request per 1,000 parts. An upload of an object of another size is removed.
 */
export async function stillBegun(
  client: S3Client,
  key: string,
  wanted: { readonly begun: BegunUpload; readonly size: number; readonly signal: AbortSignal | undefined },
): Promise<BegunUpload | undefined> {
  const { begun, size, signal } = wanted;
  const { uploadId, parts } = begun;
  if (begun.size !== size) {
    await abandon(client, key, uploadId).catch(() => undefined);
    return undefined;
  }
  const there = new Map<number, SentPart>();
  for (let after = "0"; ; ) {
    const query = { uploadId, "max-parts": String(PARTS_PER_PAGE), "part-number-marker": after };
    const answer = await client.send({ method: "GET", key, query, expects: ANSWERS, signal });
    // It is gone; or whoever may write may not look.
    if (answer.status !== 200) return undefined;
    const page = documentIn(client, answer, "ListPartsResult");
    for (const listed of page.children["Part"] ?? []) {
      const part = partIn(listed, parts);
      if (part !== undefined && Number(textOf(listed, "Size")) === sizeOf(part, size)) there.set(part.number, part);
    }
    const next = textOf(page, "NextPartNumberMarker");
    if (textOf(page, "IsTruncated") !== "true" || next === after) return { ...begun, parts: there };
    after = next;
  }
}

const ANSWERS: readonly number[] = [200, 400, 403, 404, 405, 501];

/** A part as it was acknowledged, or of which the server tells the SHA-256 that it found: the answer may not have come. */
function partIn(listed: Element, known: BegunUpload["parts"]): SentPart | undefined {
  const number = Number(textOf(listed, "PartNumber"));
  const etag = textOf(listed, "ETag");
  const part = known.get(number);
  if (part !== undefined && bare(part.etag) === bare(etag)) return part;
  const checksum = textOf(listed, "ChecksumSHA256");
  return checksum === "" ? undefined : { number, etag, checksum };
}

function sizeOf({ number }: SentPart, objectSize: number): number {
  const chunkSize = chunkSizeFor(objectSize);
  return Math.min(chunkSize, objectSize - (number - 1) * chunkSize);
}

/** Servers put quotes in one place and not in another. */
function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
