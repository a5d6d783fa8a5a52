import { isT4Error } from "../../base/errors.js";
import { documentIn } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { textOf } from "./document.js";
import { putObject, type Writing } from "./put-object.js";
import { removeQuietly } from "./remove-object.js";

/** What a bucket's settings say of versions. */
export type Versioning = "on" | "suspended" | "off";

/** Asks for the bucket's settings of versions; servers give the document different names. */
export async function versioningOf(client: S3Client): Promise<Versioning> {
  const answer = await client.send({ method: "GET", query: { versioning: "" }, expects: [200] });
  const status = textOf(documentIn(client, answer), "Status");
  return status === "Enabled" ? "on" : status === "Suspended" ? "suspended" : "off";
}

/**
 * Whether every write to a bucket makes a version that stays. Who may write need not be allowed to ask that: then an object
 * of ours is written at `probeKey`, and removed if that is allowed.
 */
export async function isVersioned(writing: Writing, probeKey: string): Promise<boolean> {
  const { client } = writing;
  try {
    return (await versioningOf(client)) === "on";
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_ACCESS", "ERR_T4_UNSUPPORTED")) throw error;
  }
  const outcome = await putObject(writing, probeKey, { bytes: new Uint8Array(0) });
  const versionId = outcome.written ? outcome.versionId : undefined;
  await removeQuietly(client, probeKey, versionId);
  return versionId !== undefined;
}
