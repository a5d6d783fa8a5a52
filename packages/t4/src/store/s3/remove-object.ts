import { T4Error } from "../../base/errors.js";
import type { Version } from "../store.js";
import type { S3Client } from "./client.js";
import { conditionHeaders, holdsNow } from "./conditions.js";
import { copyObject } from "./copy-object.js";
import { headObject, type ObjectFacts, versionIdIn, versionQuery } from "./get-object.js";
import { listVersions } from "./list-versions.js";
import { baseOf } from "./metadata.js";
import type { Writing } from "./put-object.js";

/** Times of objects are whole seconds, cut off. */
const RESOLUTION_MS = 1000;

/** Removes an object; with `replaces` only while it is that version, as far as the server looks at conditions. */
export async function deleteObject(
  { client, conditions }: Writing,
  key: string,
  { replaces, signal }: { readonly replaces?: Version; readonly signal?: AbortSignal },
): Promise<boolean> {
  if (replaces === undefined) {
    await client.send({ method: "DELETE", key, expects: [200, 204, 404], signal });
    return true;
  }
  const condition = baseOf(replaces);
  // Asked first: many servers take no notice of a condition on a deletion.
  if (!(await holdsNow(client, key, { condition, signal }))) return false;
  const headers = conditionHeaders(condition, await conditions());
  const answer = await client.send({ method: "DELETE", key, headers, expects: [200, 204, 404, 412], signal });
  if (answer.status !== 412) return answer.status !== 404 || answer.isRepeated;
  return false;
}

/**
 * Removes what was written to be looked at: of a versioned bucket, the version. Who may write need not be allowed to remove; what
 * nobody names does no harm then.
 */
export async function removeQuietly(client: S3Client, key: string, versionId: string | undefined): Promise<void> {
  const query = versionQuery(versionId);
  await client.send({ method: "DELETE", key, query, expects: [200, 204, 404] }).catch(() => undefined);
}

/**
 * Makes an object's modification time now, by copying it onto itself; `false`: absent, also if somebody removed it just
 * before. Its ETag changes too, or its version: so a deletion on condition sees that somebody wants it.
 */
export async function touchObject(writing: Writing, key: string): Promise<boolean> {
  const { client } = writing;
  const present = await headObject(client, key);
  if (present === undefined) return false;
  const { versionId, etag, size } = present;
  const isInParts = versionId === undefined && size > 0 && !etag.includes("-");
  const { written } = await copyObject(writing, { ...present, bucket: client.bucket, key }, { to: key, isInParts });
  if (written) return true;
  const found = await headObject(client, key);
  if (found === undefined) return false;
  // When somebody wrote it meanwhile, its time is new as well.
  if (found.etag !== etag || found.versionId !== versionId) return true;
  throw untouched(client, key);
}

function untouched({ bucket }: S3Client, key: string): T4Error {
  const url = `s3://${bucket}/${key}`;
  return new T4Error("ERR_T4_IO", `The server did not copy ${url} onto itself, although it is there unchanged.`, {
    hint: "Try again; without a new time, garbage collection might remove it while it is used.",
    facts: { url },
  });
}

/**
 * Removes an object unless it was written or touched after `beforeMs`.
 *
 * In a versioned bucket a deletion that met another version than was looked at is taken back. Elsewhere it is refused,
 * but by servers that take no notice of conditions on deletions: there a touch in that very moment is lost.
 */
export async function deleteIfOlder(writing: Writing, key: string, beforeMs: number): Promise<boolean> {
  const present = await headObject(writing.client, key);
  return isOlder(present, beforeMs) && deleteState(writing, key, present);
}

/** Gives an object another key, which must be free, unless it was written or touched after `beforeMs`. */
export async function moveIfOlder(
  writing: Writing,
  move: { readonly from: string; readonly to: string; readonly beforeMs: number },
): Promise<boolean> {
  const { client } = writing;
  const { from, to, beforeMs } = move;
  const present = await headObject(client, from);
  if (!isOlder(present, beforeMs) || (await headObject(client, to)) !== undefined) return false;
  const source = { ...present, bucket: client.bucket, key: from };
  if (!(await copyObject(writing, source, { to, isCreate: true })).written) return false;
  if (await deleteState(writing, from, present)) return true;
  await deleteObject(writing, to, {});
  return false;
}

function isOlder(present: ObjectFacts | undefined, beforeMs: number): present is ObjectFacts {
  return present !== undefined && present.modifiedMs + RESOLUTION_MS <= beforeMs;
}

/** Removes an object in the state that was looked at, no other. */
async function deleteState(
  { client, conditions }: Writing,
  key: string,
  { etag, versionId }: ObjectFacts,
): Promise<boolean> {
  const headers = conditionHeaders({ etag, log: [] }, await conditions());
  const answer = await client.send({ method: "DELETE", key, headers, expects: [200, 204, 404, 412] });
  if (answer.status === 412) return false;
  const marker = versionIdIn(answer.headers);
  if (versionId === undefined || marker === undefined) return true;
  if ((await newestVersion(client, key)) === versionId) return true;
  await client.send({ method: "DELETE", key, query: { versionId: marker }, expects: [200, 204, 404] });
  return false;
}

/** The newest version of a key that is no deletion. */
async function newestVersion(client: S3Client, key: string): Promise<string | undefined> {
  for await (const version of listVersions(client, key)) {
    if (version.key === key && !version.isDeleteMarker) return version.versionId;
    if (version.key > key) return undefined;
  }
  return undefined;
}
