import { type AvroField, type AvroSchema, decodeAvro, encodeAvro } from "./avro-file.js";

/** A number for each of some columns, by their ids. */
export type PerColumn<Value> = readonly { readonly key: number; readonly value: Value }[];

/** A data file, as Iceberg's manifests describe it. */
export interface DataFile {
  readonly content: number;
  /** What engines call it. */
  readonly file_path: string;
  readonly file_format: string;
  readonly partition: Readonly<Record<string, never>>;
  readonly record_count: bigint;
  readonly file_size_in_bytes: bigint;
  readonly column_sizes: PerColumn<bigint> | null;
  readonly value_counts: PerColumn<bigint> | null;
  readonly null_value_counts: PerColumn<bigint> | null;
  readonly lower_bounds: PerColumn<Buffer> | null;
  readonly upper_bounds: PerColumn<Buffer> | null;
}

/** What a manifest says of a data file. */
export interface ManifestEntry {
  /** 0: it was there before, 1: it was added, 2: it was removed. */
  readonly status: number;
  /** The snapshot that did it, and the numbers of those that added the file; `null`: as the list of manifests has it. */
  readonly snapshot_id: bigint | null;
  readonly sequence_number: bigint | null;
  readonly file_sequence_number: bigint | null;
  readonly data_file: DataFile;
}

/** What a list of manifests says of one. */
export interface ListedManifest {
  readonly manifest_path: string;
  readonly manifest_length: bigint;
  readonly partition_spec_id: number;
  /** 0: of data files; 1: of files with deletions. */
  readonly content: number;
  readonly sequence_number: bigint;
  readonly min_sequence_number: bigint;
  readonly added_snapshot_id: bigint;
  readonly added_files_count: number;
  readonly existing_files_count: number;
  readonly deleted_files_count: number;
  readonly added_rows_count: bigint;
  readonly existing_rows_count: bigint;
  readonly deleted_rows_count: bigint;
}

/** Removed files are told once, and are in the table no more. */
export const [EXISTING, ADDED, REMOVED] = [0, 1, 2] as const;

const required = (id: number, name: string, type: AvroSchema): AvroField => ({ name, type, "field-id": id });
const optional = (id: number, name: string, type: AvroSchema): AvroField => ({
  name,
  type: ["null", type],
  default: null,
  "field-id": id,
});
/** A map whose keys are no texts is a list of pairs to Avro. */
const perColumn = (key: number, value: number, type: string): AvroSchema => ({
  type: "array",
  logicalType: "map",
  items: {
    type: "record",
    name: `k${key}_v${value}`,
    fields: [required(key, "key", "int"), required(value, "value", type)],
  },
});

// Names and ids are those of the specification of Iceberg tables, format version 2.
const DATA_FILE: AvroSchema = {
  type: "record",
  name: "r2",
  fields: [
    required(134, "content", "int"),
    required(100, "file_path", "string"),
    required(101, "file_format", "string"),
    required(102, "partition", { type: "record", name: "r102", fields: [] }),
    required(103, "record_count", "long"),
    required(104, "file_size_in_bytes", "long"),
    optional(108, "column_sizes", perColumn(117, 118, "long")),
    optional(109, "value_counts", perColumn(119, 120, "long")),
    optional(110, "null_value_counts", perColumn(121, 122, "long")),
    optional(125, "lower_bounds", perColumn(126, 127, "bytes")),
    optional(128, "upper_bounds", perColumn(129, 130, "bytes")),
  ],
};

const MANIFEST_ENTRY: AvroSchema = {
  type: "record",
  name: "manifest_entry",
  fields: [
    required(0, "status", "int"),
    optional(1, "snapshot_id", "long"),
    optional(3, "sequence_number", "long"),
    optional(4, "file_sequence_number", "long"),
    required(2, "data_file", DATA_FILE),
  ],
};

const MANIFEST_FILE: AvroSchema = {
  type: "record",
  name: "manifest_file",
  fields: [
    required(500, "manifest_path", "string"),
    required(501, "manifest_length", "long"),
    required(502, "partition_spec_id", "int"),
    required(517, "content", "int"),
    required(515, "sequence_number", "long"),
    required(516, "min_sequence_number", "long"),
    required(503, "added_snapshot_id", "long"),
    required(504, "added_files_count", "int"),
    required(505, "existing_files_count", "int"),
    required(506, "deleted_files_count", "int"),
    required(512, "added_rows_count", "long"),
    required(513, "existing_rows_count", "long"),
    required(514, "deleted_rows_count", "long"),
  ],
};

/** Writes a manifest of data files of a table without partitions; `schema` is the table's, as JSON. */
export function encodeManifest(entries: readonly ManifestEntry[], schema: string): Buffer {
  return encodeAvro(MANIFEST_ENTRY, entries as readonly (ManifestEntry & Record<string, unknown>)[], {
    schema,
    "schema-id": "0",
    "partition-spec": "[]",
    "partition-spec-id": "0",
    "format-version": "2",
    content: "data",
  });
}

/** Reads a manifest of whatever writer. Throws an Error for bytes that are none. */
export function decodeManifest(bytes: Uint8Array): ManifestEntry[] {
  return decodeAvro(MANIFEST_ENTRY, bytes) as unknown as ManifestEntry[];
}

/** Writes the manifests of a snapshot. */
export function encodeManifestList(
  manifests: readonly ListedManifest[],
  snapshot: { readonly id: bigint; readonly parent: bigint | undefined; readonly sequence: bigint },
): Buffer {
  return encodeAvro(MANIFEST_FILE, manifests as readonly (ListedManifest & Record<string, unknown>)[], {
    "snapshot-id": String(snapshot.id),
    "parent-snapshot-id": String(snapshot.parent ?? null),
    "sequence-number": String(snapshot.sequence),
    "format-version": "2",
  });
}

/** Reads the manifests of a snapshot of whatever writer. Throws an Error for bytes that are none. */
export function decodeManifestList(bytes: Uint8Array): ListedManifest[] {
  return decodeAvro(MANIFEST_FILE, bytes) as unknown as ListedManifest[];
}
