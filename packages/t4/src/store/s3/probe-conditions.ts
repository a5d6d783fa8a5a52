import { randomUUID } from "node:crypto";
import { isT4Error } from "../../base/errors.js";
import type { PutMode, Version } from "../store.js";
import type { S3Client } from "./client.js";
import type { Conditions } from "./conditions.js";
import { listVersions } from "./list-versions.js";
import { putObject } from "./put-object.js";

/** Writers of a race; a server that checks first and writes later lets several of them win. */
const RACERS = 8;

/**
 * Finds out how a server takes conditions on writes in this bucket, by writing below `place` and racing: a condition that
 * is ignored, or not kept in one step with its write, loses revisions without a word.
 *
 * Some 40 small requests; what was written is removed. Without the right to write there, the answer is `"unsound"`.
 */
export async function probeConditions(client: S3Client, place: string): Promise<Conditions> {
  const folder = `${place}${randomUUID()}/`;
  let isVersioned = false;
  const probe: Probe = async (name, mode, conditions = "quoted") => {
    const writing = { client, conditions: async () => conditions, newId: randomUUID, collisions: "refused" } as const;
    const outcome = await putObject(writing, folder + name, { mode, bytes: Buffer.from(randomUUID()) });
    if (!outcome.written) return undefined;
    isVersioned ||= outcome.versionId !== undefined;
    return outcome.version;
  };
  try {
    return await judge(probe);
  } catch (error) {
    if (isT4Error(error, "ERR_T4_ACCESS", "ERR_T4_UNSUPPORTED")) return "unsound";
    throw error;
  } finally {
    await clear(client, folder, isVersioned).catch(() => undefined);
  }
}

/** Writes something new at a name on a condition; the state that it made, or `undefined` when it was refused. */
type Probe = (name: string, mode: PutMode, conditions?: Conditions) => Promise<Version | undefined>;

async function judge(probe: Probe): Promise<Conditions> {
  const first = await probe("one", "create");
  if (first === undefined || (await probe("one", "create")) !== undefined) return "unsound";
  if ((await winners(() => probe("race", "create"))) > 1) return "unsound";
  for (const conditions of ["quoted", "bare"] as const) {
    const second = await probe("one", { replaces: first }, conditions);
    if (second === undefined) continue;
    const isStaleRefused = (await probe("one", { replaces: first }, conditions)) === undefined;
    const isSound = isStaleRefused && (await winners(() => probe("one", { replaces: second }, conditions))) <= 1;
    return isSound ? conditions : "unsound";
  }
  return "unsound";
}

/** How many of several writers at once are told that they won. */
async function winners(write: () => Promise<Version | undefined>): Promise<number> {
  const states = await Promise.all(Array.from({ length: RACERS }, write));
  return states.filter((state) => state !== undefined).length;
}

/** Removes what a probe wrote, versions too: it shall leave no trace. */
async function clear(client: S3Client, folder: string, isVersioned: boolean): Promise<void> {
  const remove = async (key: string, query = {}) =>
    client.send({ method: "DELETE", key, query, expects: [200, 204, 404] });
  if (!isVersioned) {
    for (const name of ["one", "race"]) await remove(folder + name);
    return;
  }
  for await (const { key, versionId } of listVersions(client, folder)) await remove(key, { versionId });
}
