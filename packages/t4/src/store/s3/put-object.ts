import { isT4Error, T4Error } from "../../base/errors.js";
import type { PutOptions } from "../store.js";
import { bodyOf } from "./body.js";
import type { S3Client } from "./client.js";
import {
  type Collisions,
  type Condition,
  type Conditions,
  conditionHeaders,
  holdsNow,
  usableConditions,
} from "./conditions.js";
import { versionIdIn } from "./get-object.js";
import { baseOf, metadataHeaders, nextLog, versionFrom, type WriteLog } from "./metadata.js";
import { type DoubtfulWrite, settleWrite, unknownOutcome, type WriteOutcome } from "./settle-write.js";
import type { Headers } from "./transport.js";

/** What writes stand on. */
export interface Writing {
  readonly client: S3Client;
  /** How the server takes conditions; found out at the first call. */
  readonly conditions: () => Promise<Conditions>;
  /** What is done where it does not keep them. */
  readonly collisions: Collisions;
  /** A name for a write that no other write has. */
  readonly newId: () => string;
}

/** What a mode of {@link PutOptions} asks of the present object, and the log that the write leaves. */
function conditionOf(mode: PutOptions["mode"], id: string): { readonly condition: Condition; readonly log: WriteLog } {
  if (mode === undefined || mode === "overwrite") return { condition: undefined, log: [id] };
  if (mode === "create" || mode.replaces === undefined) return { condition: "absent", log: nextLog(id, undefined) };
  const base = baseOf(mode.replaces);
  return { condition: base, log: nextLog(id, base) };
}

/** Somebody may remove an object between our attempt to create it and our look at it, but not so often. */
const MAX_ROUNDS = 4;

/** What is written, the bytes' SHA-256 where it is known, and metadata of the object. */
export type PutRequest = PutOptions & {
  readonly bytes: Uint8Array;
  readonly digest?: Uint8Array;
  readonly metadata?: Headers | undefined;
};

/**
 * Writes an object in one request. A conditional write whose answer got lost is settled by reading.
 *
 * @throws {@link T4Error} `ERR_T4_UNKNOWN_OUTCOME` when it could not be settled, `ERR_T4_UNSUPPORTED` for a condition on a
 * server that does not keep it.
 */
export async function putObject(writing: Writing, key: string, put: PutRequest): Promise<WriteOutcome> {
  const { client } = writing;
  const id = writing.newId();
  const { condition, log } = conditionOf(put.mode, id);
  const conditions = condition === undefined ? "quoted" : await usableConditions(writing);
  if (conditions === "unsound" && !(await holdsNow(client, key, { condition, signal: put.signal })))
    return { written: false };
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const outcome = await tryPut(client, key, { ...put, id, condition, conditions, log });
    if (outcome !== "vacant") return outcome;
  }
  const url = `s3://${client.bucket}/${key}`;
  throw new T4Error("ERR_T4_UNSUPPORTED", `The server does not let ${url} be created, although nothing is there.`, {
    hint: "Some servers never create again what was deleted in a versioned bucket: remove its delete marker.",
    facts: { url },
  });
}

async function tryPut(
  client: S3Client,
  key: string,
  put: PutRequest & DoubtfulWrite & { readonly conditions: Conditions },
): Promise<WriteOutcome | "vacant"> {
  const { condition, log, signal } = put;
  const { checksum, ...body } = bodyOf(put.bytes, put.digest);
  const headers = {
    ...put.metadata,
    "content-type": "application/octet-stream",
    "x-amz-checksum-sha256": checksum,
    ...metadataHeaders({ note: put.note, log }),
    ...conditionHeaders(condition, put.conditions),
  };
  try {
    const expects = condition === undefined ? [200] : [200, 404, 412];
    const answer = await client.send({ method: "PUT", key, headers, ...body, expects, signal });
    if (answer.status === 200) {
      const version = versionFrom({ etag: answer.headers["etag"] ?? "", log });
      return { written: true, version, versionId: versionIdIn(answer.headers) };
    }
  } catch (error) {
    if (condition === undefined || !isT4Error(error, "ERR_T4_IO")) throw error;
    const settled = await settleWrite(client, key, put).catch(() => undefined);
    if (typeof settled === "object" && settled.written) return settled;
    throw unknownOutcome(client, key, error);
  }
  return settleWrite(client, key, put);
}
