import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sha256 } from "../../../hash/sha256.js";
import type { Destination } from "../destination.js";
import { type ManifestEntry, REMOVED } from "./data-manifest.js";
import type { IcebergTable } from "./iceberg-table.js";
import { liveFiles } from "./live-files.js";
import { dataKey, discardFiles, manifestKey, newSnapshotId, putManifest, showFiles, stageFile } from "./table-files.js";
import { propertyOf } from "./table-metadata.js";

/** What a table says of what is in it. */
const CONTENT = "t4.content";

/** Has a table show the rows of a local file and nothing else, unless it does; `undefined`: others changed the table meanwhile. */
export async function replaceRows(
  destination: Destination,
  table: IcebergTable,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal | undefined },
): Promise<IcebergTable | undefined> {
  const { name, metadata } = table;
  const content = Buffer.from(sha256(await readFile(path))).toString("hex");
  if (propertyOf(metadata, CONTENT) === content) return table;
  const [id, removal, snapshot] = [randomUUID(), randomUUID(), newSnapshotId()];
  const added = await stageFile(destination, name, { id, path, signal });
  const live = await liveFiles(destination, table, signal);
  const removed = live.map((entry) => removedBy(entry, snapshot));
  if (removed.length > 0) await putManifest(destination, name, { id: removal, entries: removed });
  const committed = await showFiles(destination, table, {
    id: snapshot,
    kept: [],
    made: [{ id, entries: added }, ...(removed.length > 0 ? [{ id: removal, entries: removed }] : [])],
    operation: removed.length > 0 ? "overwrite" : "append",
    properties: { [CONTENT]: content },
  });
  if (committed === undefined)
    await discardFiles(destination, [manifestKey(name, id), dataKey(name, id), manifestKey(name, removal)]);
  return committed;
}

function removedBy(entry: ManifestEntry, snapshot: bigint): ManifestEntry {
  return { ...entry, status: REMOVED, snapshot_id: snapshot };
}
