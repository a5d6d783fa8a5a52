import { randomBytes, randomUUID } from "node:crypto";
import { T4Error } from "../../../base/errors.js";
import { type Destination, missing, placeFile, readObject } from "../destination.js";
import { exportedColumns } from "../export-columns.js";
import type { ExportTable } from "../export-target.js";
import { describeFile } from "./column-metrics.js";
import {
  ADDED,
  decodeManifest,
  decodeManifestList,
  EXISTING,
  encodeManifest,
  encodeManifestList,
  type ListedManifest,
  type ManifestEntry,
  REMOVED,
} from "./data-manifest.js";
import { commitSnapshot, type IcebergTable } from "./iceberg-table.js";
import { currentSnapshot, nextSequence, schemaOf } from "./table-metadata.js";

/** The key of a data file. */
export const dataKey = (name: ExportTable, id: string): string => `${name}/data/${id}.parquet`;
/** The key of a manifest. */
export const manifestKey = (name: ExportTable, id: string): string => `${name}/metadata/${id}.avro`;

/** A local Parquet file, and the UUID by which a table gets it. */
interface NewFile {
  readonly id: string;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

/** Brings a data file, and a manifest that adds it, beside a table, which nobody sees before a snapshot has them. */
export async function stageFile(
  destination: Destination,
  name: ExportTable,
  { id, path, signal }: NewFile,
): Promise<readonly ManifestEntry[]> {
  const key = dataKey(name, id);
  const file = await describeFile(path, { location: destination.locate(key), columns: exportedColumns(name) });
  // Which snapshot it is of says the list that has the manifest.
  const entry = { snapshot_id: null, sequence_number: null, file_sequence_number: null };
  const entries = [{ ...entry, status: ADDED, data_file: file }];
  await placeFile(destination, path, { key, signal });
  await putManifest(destination, name, { id, entries });
  return entries;
}

/** Writes a manifest. */
export async function putManifest(
  { store }: Destination,
  name: ExportTable,
  { id, entries }: { readonly id: string; readonly entries: readonly ManifestEntry[] },
): Promise<void> {
  await store.put(manifestKey(name, id), encodeManifest(entries, JSON.stringify(schemaOf(name))), { mode: "create" });
}

/** Takes away what no snapshot got. */
export async function discardFiles({ store }: Destination, keys: readonly string[]): Promise<void> {
  for (const key of keys) await store.delete(key);
}

/** The manifests of the snapshot that a table shows. */
export async function manifestsOf(destination: Destination, { metadata }: IcebergTable): Promise<ListedManifest[]> {
  const snapshot = currentSnapshot(metadata);
  return snapshot === undefined ? [] : readBy(destination, snapshot.manifestList, decodeManifestList);
}

/** What a manifest says, by what engines call it. */
export function entriesOf(destination: Destination, manifestPath: string): Promise<ManifestEntry[]> {
  return readBy(destination, manifestPath, decodeManifest);
}

async function readBy<Found>(
  destination: Destination,
  location: string,
  decode: (bytes: Uint8Array) => Found,
): Promise<Found> {
  const key = keyOf(destination, location);
  const bytes = await readObject(destination, key);
  try {
    return decode(bytes);
  } catch (cause) {
    const { url } = destination.store;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new T4Error("ERR_T4_FORMAT", `The export ${url} is damaged: ${key} cannot be read: ${why}.`, {
      hint: "Bring the file back as it was, or export to another place and remove this one.",
      facts: { url, key },
      cause,
    });
  }
}

/** The key of what engines call so; a table that was moved names places where it was before. */
export function keyOf(destination: Destination, location: string): string {
  const key = destination.keyOf(location);
  if (key !== undefined) return key;
  throw missing(destination.store.url, location);
}

/** What a table is to show. */
export interface SnapshotPlan {
  /** Manifests that stay. */
  readonly kept: readonly ListedManifest[];
  /** Manifests that are new, with what they say; an id each. */
  readonly made: readonly { readonly id: string; readonly entries: readonly ManifestEntry[] }[];
  readonly operation: "append" | "overwrite";
  readonly properties: Readonly<Record<string, string>>;
}

/** A new id of a snapshot: no more digits than every reader of JSON keeps. */
export function newSnapshotId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 11n) + 1n;
}

/** Gives a table a snapshot; `undefined`: others did meanwhile. */
export async function showFiles(
  destination: Destination,
  table: IcebergTable,
  { id = newSnapshotId(), ...plan }: SnapshotPlan & { readonly id?: bigint },
): Promise<IcebergTable | undefined> {
  const { store, locate } = destination;
  const sequence = nextSequence(table.metadata);
  const made: ListedManifest[] = [];
  for (const { id: manifest, entries } of plan.made) {
    const key = manifestKey(table.name, manifest);
    const size = (await store.head(key))?.size;
    if (size === undefined) throw missing(store.url, key);
    made.push({ ...listed(entries, { id, sequence }), manifest_path: locate(key), manifest_length: BigInt(size) });
  }
  const manifests = [...made, ...plan.kept];
  const key = `${table.name}/metadata/snap-${id}-${randomUUID()}.avro`;
  const parent = currentSnapshot(table.metadata)?.id;
  await store.put(key, encodeManifestList(manifests, { id, parent, sequence }), { mode: "create" });
  const { operation, properties } = plan;
  const snapshot = { id, manifestList: locate(key), summary: { operation, ...totals(made, manifests) }, properties };
  const committed = await commitSnapshot(destination, table, snapshot);
  if (committed === undefined) await store.delete(key);
  return committed;
}

function listed(
  entries: readonly ManifestEntry[],
  { id, sequence }: { readonly id: bigint; readonly sequence: bigint },
): Omit<ListedManifest, "manifest_path" | "manifest_length"> {
  const filesWith = (status: number): readonly ManifestEntry[] => entries.filter((entry) => entry.status === status);
  const [existing, added, removed] = [filesWith(EXISTING), filesWith(ADDED), filesWith(REMOVED)];
  const sequences = entries.map(({ sequence_number }) => sequence_number ?? sequence);
  return {
    partition_spec_id: 0,
    content: 0,
    sequence_number: sequence,
    min_sequence_number: sequences.reduce((least, each) => (each < least ? each : least), sequence),
    added_snapshot_id: id,
    added_files_count: added.length,
    existing_files_count: existing.length,
    deleted_files_count: removed.length,
    added_rows_count: rowsOf(added),
    existing_rows_count: rowsOf(existing),
    deleted_rows_count: rowsOf(removed),
  };
}

function rowsOf(entries: readonly ManifestEntry[]): bigint {
  return entries.reduce((rows, { data_file }) => rows + data_file.record_count, 0n);
}

/** What people read of a snapshot. */
function totals(made: readonly ListedManifest[], all: readonly ListedManifest[]): Record<string, string> {
  return {
    "added-data-files": sum(made, (each) => each.added_files_count),
    "added-records": sum(made, (each) => each.added_rows_count),
    "deleted-data-files": sum(made, (each) => each.deleted_files_count),
    "deleted-records": sum(made, (each) => each.deleted_rows_count),
    "total-data-files": sum(all, (each) => each.added_files_count + each.existing_files_count),
    "total-records": sum(all, (each) => each.added_rows_count + each.existing_rows_count),
  };
}

function sum(manifests: readonly ListedManifest[], of: (each: ListedManifest) => number | bigint): string {
  const ofData = manifests.filter(({ content }) => content === 0);
  return String(ofData.reduce((total, each) => total + BigInt(of(each)), 0n));
}
