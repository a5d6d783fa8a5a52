import { mapConcurrent } from "../../../base/concurrency.js";
import { READS_AT_ONCE } from "../../sql/registry-revisions.js";
import type { Destination } from "../destination.js";
import { type ListedManifest, type ManifestEntry, REMOVED } from "./data-manifest.js";
import type { IcebergTable } from "./iceberg-table.js";
import { entriesOf, manifestsOf } from "./table-files.js";

/** The data files of the snapshot that a table shows, with the numbers that they inherit. */
export async function liveFiles(
  destination: Destination,
  table: IcebergTable,
  signal: AbortSignal | undefined,
): Promise<ManifestEntry[]> {
  const manifests = (await manifestsOf(destination, table)).filter(({ content }) => content === 0);
  const live: ManifestEntry[] = [];
  const read = async ({ manifest_path: path, sequence_number: sequence }: ListedManifest) =>
    (await entriesOf(destination, path)).map((entry) => numbered(entry, sequence));
  for await (const entries of mapConcurrent(manifests, read, { concurrency: READS_AT_ONCE, signal }))
    live.push(...entries.filter(({ status }) => status !== REMOVED));
  return live;
}

function numbered(entry: ManifestEntry, sequence: bigint): ManifestEntry {
  const { sequence_number: own, file_sequence_number: ofFile } = entry;
  return { ...entry, sequence_number: own ?? sequence, file_sequence_number: ofFile ?? sequence };
}
