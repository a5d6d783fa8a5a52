import { mapConcurrent } from "../../base/concurrency.js";
import { isT4Error, T4Error } from "../../base/errors.js";
import { chunkCountFor, chunkSizeFor, MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../../hash/chunk-rule.js";
import { hashOfChunks } from "../../hash/chunked.js";
import { sha256 } from "../../hash/sha256.js";
import { type SentPart, stillBegun, type UploadMemory } from "./begun-upload.js";
import { bodyOf } from "./body.js";
import type { S3Client } from "./client.js";
import { conditionHeaders, usableConditions } from "./conditions.js";
import { headObject } from "./get-object.js";
import { type Part, uploadInParts } from "./multipart-upload.js";
import { putObject, type Writing } from "./put-object.js";
import type { Headers } from "./transport.js";

/** Bytes that can be read at any place, and again when a request has to be repeated. */
export interface UploadSource {
  readonly size: number;
  /** Exactly the bytes from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Options of {@link uploadObject}. */
export interface UploadOptions {
  /** From the bucket's root. */
  readonly key: string;
  readonly mode: "create" | "overwrite";
  /** `sha2-256-chunked` that the bytes must have, base64: others never get the key. */
  readonly hash?: string;
  /**
   * SHA-256 of the chunks, in order, as far as they are known: those bytes are not hashed again. The server compares them with what
   * it gets, and refuses others.
   */
  readonly digests?: readonly Uint8Array[];
  /** Metadata of the object: `x-amz-meta-…`. Default none. */
  readonly metadata?: Headers;
  /** Remembers an upload in parts, so that it can be gone on with when it is broken off. Default: it is removed then. */
  readonly memory?: UploadMemory;
  readonly signal?: AbortSignal;
}

/** What became of an upload. */
export interface Uploaded {
  /** `false`: the key was taken. */
  readonly written: boolean;
  /** In a versioned bucket, the version that it made. */
  readonly versionId: string | undefined;
  /** `sha2-256-chunked` of what was sent, base64; `undefined` when nothing was. */
  readonly hash: string | undefined;
}

/**
 * Writes an object of any size. Each part is hashed once: its SHA-256 signs the request, is compared by the server and is a
 * chunk of the object's hash. From 8 MiB on the parts are the chunks of that hash, four at once.
 */
export async function uploadObject(writing: Writing, source: UploadSource, options: UploadOptions): Promise<Uploaded> {
  return source.size < MIN_CHUNK_SIZE ? putWhole(writing, source, options) : putInParts(writing, source, options);
}

async function putWhole(writing: Writing, source: UploadSource, options: UploadOptions): Promise<Uploaded> {
  const { key, mode, metadata, digests: [known] = [], signal } = options;
  const bytes = await source.read(0, source.size);
  const digest = known ?? sha256(bytes);
  const hash = hashOfChunks(source.size === 0 ? [] : [digest]);
  requireHash(hash, writing, options);
  const outcome = await putObject(writing, key, { bytes, digest, mode, metadata, signal });
  return outcome.written ? { written: true, versionId: outcome.versionId, hash } : NOT_WRITTEN;
}

const NOT_WRITTEN: Uploaded = { written: false, versionId: undefined, hash: undefined };

/** Bytes that are not what they were said to be must not get a name that says it, too. */
function requireHash(found: string, { client }: Pick<Writing, "client">, { key, hash = found }: UploadOptions): void {
  if (hash === found) return;
  const url = `s3://${client.bucket}/${key}`;
  throw new T4Error(
    "ERR_T4_SOURCE_CHANGED",
    `The bytes for ${url} are not what they were: expected sha2-256-chunked ${hash}, got ${found}.`,
    { hint: "Wait until nothing writes to the file, then repeat.", facts: { url, expected: hash, found } },
  );
}

async function putInParts(writing: Writing, source: UploadSource, options: UploadOptions): Promise<Uploaded> {
  const { client } = writing;
  const { key, mode, memory, digests: known = [], signal } = options;
  const { size } = source;
  // Some servers look only when the upload ends, some never.
  if (mode === "create" && (await headObject(client, key, { signal })) !== undefined) {
    return NOT_WRITTEN;
  }
  const headers = mode === "create" ? conditionHeaders("absent", await usableConditions(writing)) : {};
  const digests: Uint8Array[] = [];
  const taken = memory?.take();
  const begun = taken && (await stillBegun(client, key, { begun: taken, size, signal }));
  const writeId = begun?.writeId ?? writing.newId();
  const outcome = await uploadInParts(client, {
    key,
    log: [writeId],
    uploadId: begun?.uploadId,
    onBegun: (uploadId) => memory?.begun({ uploadId, size, writeId }),
    staysAfter: (error) => leftFor(memory, error),
    headers: { ...options.metadata, "content-type": "application/octet-stream", "x-amz-checksum-algorithm": "SHA256" },
    conditions: headers,
    send: (uploadId) =>
      checkedAtEnd(
        () => requireHash(hashOfChunks(digests), writing, options),
        mapConcurrent(
          partNumbers(size),
          async (number, partSignal) => {
            const place = { key, uploadId, number, known: begun?.parts.get(number), signal: partSignal };
            const { part, digest } = await sendPart(client, source, { ...place, digest: known[number - 1] });
            digests[number - 1] = digest;
            memory?.sent(part);
            return part;
          },
          { concurrency: PARTS_AT_ONCE, signal },
        ),
      ),
    signal,
  });
  return outcome.written ? { ...outcome, hash: hashOfChunks(digests) } : NOT_WRITTEN;
}

/** Leaves an upload to whoever comes next, if there is a memory of it; not one of bytes that turned out to be others. */
function leftFor(memory: UploadMemory | undefined, error: unknown): boolean {
  return memory !== undefined && !isT4Error(error, "ERR_T4_SOURCE_CHANGED", "ERR_T4_INTEGRITY") && memory.left();
}

async function* checkedAtEnd(check: () => void, parts: AsyncIterable<Part>): AsyncGenerator<Part, void, undefined> {
  yield* parts;
  check();
}

function* partNumbers(size: number): Generator<number, void, undefined> {
  const count = chunkCountFor(size);
  for (let number = 1; number <= count; number++) yield number;
}

interface PartPlace {
  readonly key: string;
  readonly uploadId: string;
  readonly number: number;
  /** What the server has there already. */
  readonly known: SentPart | undefined;
  /** SHA-256 of its bytes, where it is known. */
  readonly digest: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Sends a part, unless the server has these very bytes. */
async function sendPart(
  client: S3Client,
  source: UploadSource,
  place: PartPlace,
): Promise<{ readonly part: SentPart; readonly digest: Uint8Array }> {
  const { key, uploadId, number, known, signal } = place;
  if (place.digest !== undefined && known?.checksum === Buffer.from(place.digest).toString("base64"))
    return { part: known, digest: place.digest };
  const chunkSize = chunkSizeFor(source.size);
  const bytes = await source.read((number - 1) * chunkSize, Math.min(number * chunkSize, source.size));
  const digest = place.digest ?? sha256(bytes);
  const { checksum, ...body } = bodyOf(bytes, digest);
  if (known?.checksum === checksum) return { part: known, digest };
  const { headers } = await client.send({
    method: "PUT",
    key,
    query: { partNumber: String(number), uploadId },
    headers: { "x-amz-checksum-sha256": checksum },
    ...body,
    expects: [200],
    signal,
  });
  return { part: { number, etag: headers["etag"] ?? "", checksum }, digest };
}
