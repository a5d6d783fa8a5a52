import { T4Error } from "../../base/errors.js";
import type { PutOutcome } from "../store.js";
import type { S3Client } from "./client.js";
import type { Condition } from "./conditions.js";
import { headObject } from "./get-object.js";
import { listVersions } from "./list-versions.js";
import { type Base, isInLog, logIn, versionFrom, type WriteLog } from "./metadata.js";

/** A write that was done, and the version that it made in a versioned bucket; or a condition that did not hold. */
export type WriteOutcome =
  | (Extract<PutOutcome, { readonly written: true }> & { readonly versionId: string | undefined })
  | Extract<PutOutcome, { readonly written: false }>;

/** A conditional write that was refused, or not answered. */
export interface DoubtfulWrite {
  readonly id: string;
  readonly condition: Condition;
  /** The log that it leaves. */
  readonly log: WriteLog;
  readonly signal?: AbortSignal;
}

/** Versions that are looked through for a write. */
const MAX_VERSIONS = 100;
/** No object has this ETag: the state of a write that was overtaken fits no condition. */
const OVERTAKEN = '"overtaken"';

/**
 * Finds out whether a refused write was done after all: a lost answer, or a duplicate made on the way, is refused by the
 * write's own first arrival. That is looked for after every refusal, since duplicates show in nothing else.
 *
 * `"vacant"`: it was to create the object, was not done, and there is none. Costs one request; where others wrote without a log in a versioned bucket, one more for each of their versions.
 *
 * @throws {@link T4Error} `ERR_T4_UNKNOWN_OUTCOME` when nothing tells.
 */
export async function settleWrite(
  client: S3Client,
  key: string,
  write: DoubtfulWrite,
): Promise<WriteOutcome | "vacant"> {
  const { id, condition, log, signal } = write;
  const present = await headObject(client, key, { signal });
  if (present !== undefined) {
    const found = logIn(present.headers);
    if (found[0] === id) {
      return { written: true, version: versionFrom({ etag: present.etag, log }), versionId: present.versionId };
    }
    const isDone = isInLog(found, id, baseIn(condition));
    if (isDone !== undefined) return overtaken(isDone, log);
    // An unversioned bucket has nothing more to tell.
    if (present.versionId === undefined) throw unknownOutcome(client, key);
  }
  const isDone = await isInVersions(client, key, write);
  if (isDone !== true && present === undefined && condition === "absent") return "vacant";
  if (isDone === undefined) throw unknownOutcome(client, key);
  return overtaken(isDone, log);
}

function overtaken(isDone: boolean, log: WriteLog): WriteOutcome {
  if (!isDone) return { written: false };
  return { written: true, version: versionFrom({ etag: OVERTAKEN, log }), versionId: undefined };
}

function baseIn(condition: Condition): Base | undefined {
  return condition === "absent" ? undefined : condition;
}

/** Whether a write is among the versions of its key since the one that it stood on; `undefined` when these do not tell. */
async function isInVersions(client: S3Client, key: string, write: DoubtfulWrite): Promise<boolean | undefined> {
  const { id, condition, signal } = write;
  const before = baseIn(condition)?.log[0];
  let seen = 0;
  for await (const { key: listed, isDeleteMarker, versionId } of listVersions(client, key, { signal })) {
    if (listed !== key || isDeleteMarker) continue;
    if (++seen > MAX_VERSIONS) return undefined;
    const newest = await writeOf(client, key, { versionId, signal });
    if (newest === id) return true;
    if (newest !== undefined && newest === before) return false;
  }
  return seen > 0 && before === undefined ? false : undefined;
}

/** The write that made a version; `undefined`: it is gone. */
async function writeOf(
  client: S3Client,
  key: string,
  version: { readonly versionId: string; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const facts = await headObject(client, key, version);
  return facts && logIn(facts.headers)[0];
}

/** The error for a write of which nobody can say whether it was done. */
export function unknownOutcome(client: S3Client, key: string, cause?: unknown): T4Error {
  const url = `s3://${client.bucket}/${key}`;
  const because = cause instanceof Error ? `: ${cause.message}` : "; another client wrote there meanwhile.";
  return new T4Error("ERR_T4_UNKNOWN_OUTCOME", `Whether ${url} was written could not be found out${because}`, {
    hint: "Read it again before you repeat what you did.",
    facts: { url },
    cause,
  });
}
