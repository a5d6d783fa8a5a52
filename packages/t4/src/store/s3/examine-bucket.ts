import { randomUUID } from "node:crypto";
import { isT4Error } from "../../base/errors.js";
import { sha256 } from "../../hash/sha256.js";
import { bodyOf } from "./body.js";
import { type Versioning, versioningOf } from "./bucket-versioning.js";
import type { S3Client } from "./client.js";
import type { Conditions } from "./conditions.js";
import { versionIdIn } from "./get-object.js";
import { listObjects } from "./list-objects.js";
import { probeConditions } from "./probe-conditions.js";
import { removeQuietly } from "./remove-object.js";

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
 * Finds out what a bucket can do, by listing it, writing a few small objects and racing; what was written is removed, if
 * that is allowed. Some 50 requests.
 *
 * @throws {@link T4Error} `ERR_T4_ACCESS` when it may not even be listed, `ERR_T4_NOT_FOUND` when there is none.
 */
export async function examineBucket(client: S3Client, { root, place }: ExamineOptions): Promise<BucketExamination> {
  for await (const _ of listObjects(client, root, { delimiter: "/" })) break;
  const versioning = (await unlessRefused(() => versioningOf(client))) ?? "unknown";
  const checksums = await examineChecksums(client, `${place}${randomUUID()}`);
  if (checksums === undefined) return { versioning, writing: undefined };
  return { versioning, writing: { ...checksums, conditions: await probeConditions(client, place) } };
}

/** `undefined`: nothing may be written there. */
async function examineChecksums(
  client: S3Client,
  key: string,
): Promise<Omit<WritingExamination, "conditions"> | undefined> {
  const { checksum, ...body } = bodyOf(Buffer.from("t4"));
  const versions: (string | undefined)[] = [];
  /** Whether it was written. */
  const put = async (sum: string): Promise<boolean> => {
    const headers = { "x-amz-checksum-sha256": sum };
    const answer = await client.send({ method: "PUT", key, headers, ...body, expects: [200, 400] });
    if (answer.status === 200) versions.push(versionIdIn(answer.headers));
    return answer.status === 200;
  };
  try {
    const wrong = Buffer.from(sha256(Buffer.from("other"))).toString("base64");
    const isWrongTaken = await unlessRefused(() => put(wrong));
    const isRightTaken = await unlessRefused(() => put(checksum));
    if (isWrongTaken === undefined || isRightTaken === undefined) return undefined;
    const asked = { "x-amz-checksum-mode": "ENABLED" };
    // Who may write need not be allowed to read.
    const { headers } = await client.send({ method: "HEAD", key, headers: asked, expects: [200, 403] });
    return { comparesChecksums: !isWrongTaken, keepsChecksums: headers["x-amz-checksum-sha256"] === checksum };
  } finally {
    for (const versionId of versions) await removeQuietly(client, key, versionId);
  }
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
