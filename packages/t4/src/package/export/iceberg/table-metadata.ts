import { randomUUID } from "node:crypto";
import { toJson } from "../../../format/json-convert.js";
import type { Json, JsonObject } from "../../../format/json-value.js";
import { type ExportedColumn, exportedColumns } from "../export-columns.js";
import type { ExportTable } from "../export-target.js";

/** Which tables are ours: a number that changes when others would not be understood. */
const OURS = ["t4.export", "1"] as const;
/** So many metadata files are kept beside the newest: each has all snapshots, so that keeping all of them would not end. */
export const KEPT_METADATA = 100;

const TYPES: Readonly<Record<Exclude<ExportedColumn["type"], "HASH">, string>> = {
  VARCHAR: "string",
  JSON: "string",
  BIGINT: "long",
  BOOLEAN: "boolean",
  TIMESTAMPTZ: "timestamptz",
};

/** A field of a schema, as metadata have it. */
interface SchemaField {
  readonly id: number;
  readonly name: string;
  readonly required: false;
  readonly type: string | { readonly type: "struct"; readonly fields: readonly SchemaField[] };
  readonly [attribute: string]: unknown;
}

function fieldOf({ id, name, type, members }: ExportedColumn): SchemaField {
  const own = type === "HASH" ? { type: "struct" as const, fields: members.map(fieldOf) } : TYPES[type];
  return { id, name, required: false, type: own };
}

/** The schema of a table. */
export function schemaOf(table: ExportTable): {
  readonly type: "struct";
  readonly "schema-id": 0;
  readonly fields: readonly SchemaField[];
} {
  return { type: "struct", "schema-id": 0, fields: exportedColumns(table).map(fieldOf) };
}

/** The metadata of a table that has no snapshot yet. */
export function firstMetadata(table: ExportTable, location: string): JsonObject {
  const columns = exportedColumns(table);
  const ids = columns.concat(columns.flatMap(({ members }) => members)).map(({ id }) => id);
  return toJson({
    "format-version": 2,
    "table-uuid": randomUUID(),
    location,
    "last-sequence-number": 0,
    "last-updated-ms": Date.now(),
    "last-column-id": Math.max(...ids),
    "current-schema-id": 0,
    schemas: [JSON.parse(JSON.stringify(schemaOf(table)))],
    "default-spec-id": 0,
    "partition-specs": [{ "spec-id": 0, fields: [] }],
    // As nobody gave one out yet: they begin with 1000.
    "last-partition-id": 999,
    "default-sort-order-id": 0,
    "sort-orders": [{ "order-id": 0, fields: [] }],
    properties: {
      [OURS[0]]: OURS[1],
      "write.metadata.delete-after-commit.enabled": "true",
      "write.metadata.previous-versions-max": String(KEPT_METADATA),
    },
    "current-snapshot-id": -1,
    refs: {},
    snapshots: [],
    "snapshot-log": [],
    "metadata-log": [],
  }) as JsonObject;
}

/** Whether metadata are of a table that an export made, and that this T4 understands. */
export function isOurs(metadata: JsonObject): boolean {
  return metadata.get("format-version") === 2 && propertyOf(metadata, OURS[0]) === OURS[1];
}

/** A property of a table. */
export function propertyOf(metadata: JsonObject, name: string): string | undefined {
  const value = (metadata.get("properties") as JsonObject | undefined)?.get(name);
  return typeof value === "string" ? value : undefined;
}

/** The snapshot that a table shows; `undefined`: it has none yet. */
export function currentSnapshot(
  metadata: JsonObject,
): { readonly id: bigint; readonly manifestList: string } | undefined {
  const current = metadata.get("current-snapshot-id");
  const found = listIn(metadata, "snapshots").find((each) => each.get("snapshot-id") === current);
  if (found === undefined) return undefined;
  return { id: BigInt(current as number | bigint), manifestList: found.get("manifest-list") as string };
}

/** The number that a table's next snapshot gets. */
export function nextSequence(metadata: JsonObject): bigint {
  return BigInt(metadata.get("last-sequence-number") as number | bigint) + 1n;
}

/** A snapshot that a table is to show. */
export interface NewSnapshot {
  readonly id: bigint;
  readonly manifestList: string;
  readonly summary: Readonly<Record<string, string>>;
  /** Properties that the table gets with it. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The metadata of a table with one more snapshot; `previous` is what engines call the file of those that it had. */
export function withSnapshot(metadata: JsonObject, snapshot: NewSnapshot, previous: string): JsonObject {
  const before = metadata.get("last-updated-ms") as number;
  // A clock may be behind that of whoever wrote before; snapshots are in order.
  const now = Math.max(Date.now(), before);
  const [id, sequence, parent] = [snapshot.id, nextSequence(metadata), currentSnapshot(metadata)];
  const refs = new Map(metadata.get("refs") as JsonObject | undefined);
  refs.set("main", toJson({ "snapshot-id": id, type: "branch" }));
  const made = toJson({
    "snapshot-id": id,
    ...(parent && { "parent-snapshot-id": parent.id }),
    "sequence-number": sequence,
    "timestamp-ms": now,
    "manifest-list": snapshot.manifestList,
    summary: snapshot.summary,
    "schema-id": Number(metadata.get("current-schema-id")),
  });
  const log = toJson({ "timestamp-ms": now, "snapshot-id": id });
  const files = [...listIn(metadata, "metadata-log"), toJson({ "timestamp-ms": before, "metadata-file": previous })];
  return new Map<string, Json>([
    ...metadata,
    ["last-sequence-number", toJson(sequence)],
    ["last-updated-ms", now],
    ["properties", new Map([...(metadata.get("properties") as JsonObject), ...Object.entries(snapshot.properties)])],
    ["current-snapshot-id", toJson(id)],
    ["refs", refs],
    ["snapshots", [...listIn(metadata, "snapshots"), made]],
    ["snapshot-log", [...listIn(metadata, "snapshot-log"), log]],
    ["metadata-log", files.slice(-KEPT_METADATA)],
  ]);
}

function listIn(metadata: JsonObject, name: string): readonly JsonObject[] {
  return (metadata.get(name) ?? []) as unknown as readonly JsonObject[];
}
