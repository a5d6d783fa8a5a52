import { randomUUID } from "node:crypto";
import { isT4Error } from "../../base/errors.js";
import { sha256 } from "../../hash/sha256.js";
import { bodyOf } from "./body.js";
import { type Versioning, versioningOf } from "./bucket-versioning.js";
import type { S3Client } from "./client.js";
import type { Conditions } from "./conditions.js";
import { versionIdIn, versionQuery } from "./get-object.js";
import { listObjects } from "./list-objects.js";
import { probeConditions } from "./probe-conditions.js";
import type { Headers } from "./transport.js";

/** What a bucket and its server were found to do. */
export interface BucketExamination {
  /** `"unknown"`: these credentials may not ask. */
  readonly versioning: Versioning | "unknown";
  /** What was found by writing; `undefined`: these credentials may not write. */
  readonly writing: WritingExamination | undefined;
}

/** What only who may write can find out. */
interface WritingExamination {
  readonly conditions: Conditions;
  /** Whether bytes that are not those of their checksum are refused. */
  readonly comparesChecksums: boolean;
  /** Whether the checksum of an object is kept, and told to who reads. */
  readonly keepsChecksums: boolean;
}

/** Where is looked. */
export interface ExamineOptions {
  /** The prefix of the registry, which is listed. */
  readonly root: string;
  /** Where something may be written for a moment, from the bucket's root. */
  readonly place: string;
}

/**
 * Finds out what a bucket can do, by listing it, writing a few small objects and racing; what was written is removed. Some
 * 50 requests.
 *
 * @throws {@link T4Error} `ERR_T4_ACCESS` when it may not even be listed, `ERR_T4_NOT_FOUND` when there is none.
 */
export async function examineBucket(client: S3Client, { root, place }: ExamineOptions): Promise<BucketExamination> {
  for await (const _ of listObjects(client, root, { delimiter: "/" })) break;
  const versioning = (await unlessRefused(() => versioningOf(client))) ?? "unknown";
  const checksums = await unlessRefused(() => examineChecksums(client, `${place}${randomUUID()}`));
  if (checksums === undefined) return { versioning, writing: undefined };
  return { versioning, writing: { ...checksums, conditions: await probeConditions(client, place) } };
}

async function examineChecksums(client: S3Client, key: string): Promise<Omit<WritingExamination, "conditions">> {
  const { checksum, ...body } = bodyOf(Buffer.from("t4"));
  const put = async (sum: string): Promise<{ readonly status: number; readonly headers: Headers }> =>
    client.send({ method: "PUT", key, headers: { "x-amz-checksum-sha256": sum }, ...body, expects: [200, 400] });
  const wrong = await put(Buffer.from(sha256(Buffer.from("other"))).toString("base64"));
  const right = await put(checksum);
  const asked = { "x-amz-checksum-mode": "ENABLED" };
  const { headers } = await client.send({ method: "HEAD", key, headers: asked, expects: [200] });
  for (const answer of [wrong, right]) {
    if (answer.status !== 200) continue;
    const query = versionQuery(versionIdIn(answer.headers));
    await client.send({ method: "DELETE", key, query, expects: [200, 204, 404] });
  }
  return {
    comparesChecksums: wrong.status === 400,
    keepsChecksums: headers["x-amz-checksum-sha256"] === checksum,
  };
}

/** What is asked, or `undefined` where that may not be asked or the server knows no such thing. */
async function unlessRefused<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isT4Error(error, "ERR_T4_ACCESS", "ERR_T4_UNSUPPORTED")) return undefined;
    throw error;
  }
}
