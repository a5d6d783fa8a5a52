import { T4Error } from "../../../base/errors.js";
import { parseJson } from "../../../format/json-parse.js";
import type { JsonObject } from "../../../format/json-value.js";
import { writeJson } from "../../../format/json-write.js";
import { type Destination, readObject } from "../destination.js";
import type { ExportTable } from "../export-target.js";
import { firstMetadata, isOurs, KEPT_METADATA, type NewSnapshot, withSnapshot } from "./table-metadata.js";

/** A table of Iceberg, as one of its metadata files has it. */
export interface IcebergTable {
  readonly name: ExportTable;
  /** The number of that file. */
  readonly version: number;
  readonly metadata: JsonObject;
}

/** Metadata files by their numbers, as Hadoop's tables have them; some writers pack them. */
const METADATA_FILE = /\/v(\d+)(\.\S*)$/;
const PLAIN = ".metadata.json";

/** The key of a metadata file. */
export const metadataKey = (name: ExportTable, version: number): string => `${name}/metadata/v${version}${PLAIN}`;
const hintKey = (name: ExportTable): string => `${name}/metadata/version-hint.text`;

/**
 * Opens a table as it is now; `undefined`: there is none. Costs a listing and a read.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for a table that no export made, or that others changed so that it is no longer one.
 */
export async function openTable(destination: Destination, name: ExportTable): Promise<IcebergTable | undefined> {
  const { store, location } = destination;
  let [version, ending] = [0, PLAIN];
  for await (const item of store.list(`${name}/metadata/v`)) {
    const [, number, rest = ""] = ("key" in item && METADATA_FILE.exec(item.key)) || [];
    if (Number(number) > version) [version, ending] = [Number(number), rest];
  }
  if (version === 0) return undefined;
  const key = metadataKey(name, version);
  if (ending !== PLAIN) throw notOurs(location, `${name}/metadata/v${version}${ending}`);
  const metadata = parseJson(new TextDecoder().decode(await readObject(destination, key)));
  if (!(metadata instanceof Map) || !isOurs(metadata)) throw notOurs(location, key);
  return { name, version, metadata };
}

/** Makes a table without rows, unless somebody does at the same time; opens it. */
export async function createTable(destination: Destination, name: ExportTable): Promise<IcebergTable> {
  const metadata = firstMetadata(name, destination.locate(name));
  await destination.store.put(metadataKey(name, 1), bytesOf(metadata), { mode: "create" });
  const table = await openTable(destination, name);
  if (table === undefined) throw notOurs(destination.location, metadataKey(name, 1));
  await pointTo(destination, table);
  return table;
}

/**
 * Gives a table one more snapshot: its next metadata file is made, which one writer can do. `undefined`: another one did, and the table
 * stays as that one left it.
 */
export async function commitSnapshot(
  destination: Destination,
  { name, version, metadata }: IcebergTable,
  snapshot: NewSnapshot,
): Promise<IcebergTable | undefined> {
  const { store, locate } = destination;
  const next = {
    name,
    version: version + 1,
    metadata: withSnapshot(metadata, snapshot, locate(metadataKey(name, version))),
  };
  const put = await store.put(metadataKey(name, next.version), bytesOf(next.metadata), { mode: "create" });
  if (!put.written) return undefined;
  await pointTo(destination, next);
  const old = next.version - KEPT_METADATA - 1;
  if (old > 0) await store.delete(metadataKey(name, old));
  return next;
}

/**
 * Says which metadata file is the newest, unless a newer one is said to be. Readers that believe it see a state of the table that was the
 * newest; others look for a newer one.
 */
export async function pointTo(
  { store }: Destination,
  { name, version }: Pick<IcebergTable, "name" | "version">,
): Promise<void> {
  const hint = new TextEncoder().encode(String(version));
  for (;;) {
    const present = await store.get(hintKey(name));
    if (present !== undefined && Number(new TextDecoder().decode(present.bytes)) >= version) return;
    if ((await store.put(hintKey(name), hint, { mode: { replaces: present?.version } })).written) return;
  }
}

function bytesOf(metadata: JsonObject): Uint8Array {
  return new TextEncoder().encode(writeJson(metadata));
}

function notOurs(location: string, key: string): T4Error {
  return new T4Error(
    "ERR_T4_UNSUPPORTED",
    `Cannot export to ${location}: ${key} is not of a table that T4 can add to.`,
    {
      hint: "Export to another place. Tables of an export keep Iceberg's format version 2, and metadata files that are not packed.",
      facts: { location, key },
    },
  );
}
