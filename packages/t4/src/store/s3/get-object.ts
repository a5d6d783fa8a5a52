import { T4Error } from "../../base/errors.js";
import { createCrc64Nvme } from "../../hash/crc64-nvme.js";
import { sha256 } from "../../hash/sha256.js";
import type { StoredObject } from "../store.js";
import type { S3Client } from "./client.js";
import { logIn, noteIn, versionFrom } from "./metadata.js";
import type { S3Answer } from "./request.js";
import type { Headers } from "./transport.js";

/** What is read of an object. */
export interface GetOptions {
  /** Half-open, in bytes. */
  readonly range?: readonly [number, number] | undefined;
  /** A state of a versioned bucket other than the present one. */
  readonly versionId?: string | undefined;
  /** The only state that is read, in quotes. */
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known of an object without its bytes. */
export interface ObjectFacts {
  readonly size: number;
  /** Milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
  /** In quotes. */
  readonly etag: string;
  /** `undefined` in an unversioned bucket. */
  readonly versionId: string | undefined;
  readonly headers: Headers;
}

/** The longest object that is read in one piece, bytes. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
/** How often bytes that came damaged are asked for. */
const MAX_READS = 3;

/**
 * Reads an object or a part of it; `undefined` when it is absent. A whole object is compared with the checksum that the
 * server keeps, where it keeps one.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when the bytes are not those of the checksum, also at the third try;
 * `ERR_T4_SOURCE_CHANGED` when it is not in the state that is asked for.
 */
export async function getObject(client: S3Client, key: string, options: GetOptions): Promise<StoredObject | undefined> {
  const { range, versionId, etag, signal } = options;
  const isEmpty = range !== undefined && range[1] <= range[0];
  for (let reads = 1; ; reads++) {
    const answer = await client.send({
      method: isEmpty ? "HEAD" : "GET",
      key,
      query: versionQuery(versionId),
      headers: { ...readHeaders(range), ...(etag !== undefined && { "if-match": etag }) },
      expects: [200, 206, 404, 412, 416],
      maxBytes: MAX_OBJECT_BYTES,
      signal,
    });
    if (answer.status === 404) return undefined;
    if (answer.status === 412) throw changed(client, key);
    // Past the end there is nothing; what object that is, its head says.
    if (answer.status === 416) return getObject(client, key, { ...options, range: [0, 0] });
    if (matchesChecksum(answer)) {
      const state = { etag: answer.headers["etag"] ?? "", log: logIn(answer.headers) };
      return { bytes: cut(answer, range), version: versionFrom(state), note: noteIn(answer.headers) };
    }
    if (reads >= MAX_READS) throw damaged(client, key);
  }
}

/** Size, time and version of an object; `undefined` when it is absent. */
export async function headObject(
  client: S3Client,
  key: string,
  options: Pick<GetOptions, "versionId" | "signal"> & {
    /** Asks for checksums. */ readonly withChecksum?: boolean;
  } = {},
): Promise<ObjectFacts | undefined> {
  const { versionId, signal, withChecksum = false } = options;
  const query = versionQuery(versionId);
  const asked = withChecksum ? CHECKSUMS : {};
  const answer = await client.send({ method: "HEAD", key, query, headers: asked, expects: [200, 404], signal });
  const { status, headers } = answer;
  if (status === 404) return undefined;
  return {
    size: Number(headers["content-length"] ?? 0),
    modifiedMs: Date.parse(headers["last-modified"] ?? ""),
    etag: headers["etag"] ?? "",
    versionId: versionIdIn(headers),
    headers,
  };
}

/** The version that an answer names; `undefined` where the bucket keeps none. */
export function versionIdIn(headers: Headers): string | undefined {
  const version = headers["x-amz-version-id"];
  return version === "null" ? undefined : version;
}

/** The query that names a version. */
export function versionQuery(versionId: string | undefined): Readonly<Record<string, string>> {
  return versionId === undefined ? {} : { versionId };
}

/** Asks for the checksums of what is asked for. */
const CHECKSUMS = { "x-amz-checksum-mode": "ENABLED" } as const;

/** An empty range is none that can be asked for. */
function readHeaders(range: GetOptions["range"]): Headers {
  if (range === undefined) return CHECKSUMS;
  return range[1] <= range[0] ? {} : { range: rangeText(range) };
}

function rangeText([from, to]: readonly [number, number]): string {
  return `bytes=${from}-${to - 1}`;
}

/** A server may answer a range with the whole object. */
function cut({ status, body }: S3Answer, range: readonly [number, number] | undefined): Uint8Array {
  return range !== undefined && status === 200 ? body.subarray(...range) : body;
}

/** Whether the bytes are those of the checksum of the whole object, if the answer names one that T4 can compute. */
function matchesChecksum({ status, headers, body }: S3Answer): boolean {
  const isComposite = headers["x-amz-checksum-type"] === "COMPOSITE";
  if (status !== 200 || isComposite) return true;
  const wanted = headers["x-amz-checksum-sha256"];
  if (wanted !== undefined) return wanted.includes("-") || toBase64(sha256(body)) === wanted;
  const crc = headers["x-amz-checksum-crc64nvme"];
  if (crc === undefined) return true;
  const state = createCrc64Nvme();
  state.update(body);
  return toBase64(state.digest()) === crc;
}

function toBase64(digest: Uint8Array): string {
  return Buffer.from(digest).toString("base64");
}

function changed(client: S3Client, key: string): T4Error {
  const url = `s3://${client.bucket}/${key}`;
  return new T4Error("ERR_T4_SOURCE_CHANGED", `The object ${url} is not what it was when it was set.`, {
    hint: "Set it again, then repeat; versions of the bucket would keep what was set.",
    facts: { url },
  });
}

function damaged(client: S3Client, key: string): T4Error {
  const url = `s3://${client.bucket}/${key}`;
  return new T4Error("ERR_T4_INTEGRITY", `The bytes of ${url} are not those of the checksum that the server keeps.`, {
    hint: "Try again; if it stays so, the object or the way to it is damaged.",
    facts: { url },
  });
}
