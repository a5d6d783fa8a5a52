import { readFile } from "node:fs/promises";
import { T4Error } from "../../base/errors.js";
import type { Version } from "../../store/store.js";
import { type Destination, missing, placeFile, STAGED, tidy } from "./destination.js";
import {
  EXPORT_TABLES,
  type ExportTable,
  type ExportTarget,
  type GrowingTable,
  type OpenTargetOptions,
  REPLACED,
  type ReplacedTable,
} from "./export-target.js";
import { hashesIn, partIdOf } from "./known-hashes.js";

/** Parts have numbers: that one is free is what writers agree by. */
const PART = /\/(\d{8})\.parquet$/;

const partKey = (table: GrowingTable, part: number): string => `${table}/${String(part).padStart(8, "0")}.parquet`;
const wholeKey = (table: ReplacedTable): string => `${table}/all.parquet`;
const stagedKey = (id: string): string => `${STAGED}${id}.parquet`;

/**
 * Opens an export that is folders of Parquet files, and ends what a killed process began.
 *
 * A part is in the export as soon as its file of entries has its number, which one writer gets. The file of its manifests was brought
 * before, under the part's id, which the file of entries tells: whoever opens the export next gives that its number, too.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` where Iceberg tables are, `ERR_T4_NOT_FOUND` for an export from which files were removed.
 */
export async function openParquetTarget(
  destination: Destination,
  { isDryRun, signal }: OpenTargetOptions,
): Promise<ExportTarget> {
  const { store } = destination;
  for await (const _ of store.list("package_entry/metadata/")) throw otherFormat(destination.location);
  const [parts, manifests] = [
    await partsOf(destination, "package_entry"),
    await partsOf(destination, "package_manifest"),
  ];
  if (!isDryRun) {
    for (const part of parts) if (!manifests.has(part)) await finish(destination, part);
    await tidy(destination);
  }
  const versions = new Map<ReplacedTable, Version | undefined>();
  for (const table of REPLACED) versions.set(table, (await store.get(wholeKey(table), { range: [0, 1] }))?.version);
  let next = Math.max(0, ...parts) + 1;
  return {
    wantsPart: parts.size === 0,
    tables: () =>
      Object.fromEntries(EXPORT_TABLES.map((table) => [table, destination.locate(table)])) as Record<
        ExportTable,
        string
      >,
    knownHashes: () =>
      hashesIn(
        destination,
        [...parts].filter((part) => !isDryRun || manifests.has(part)).map((part) => partKey("package_manifest", part)),
        signal,
      ),
    async add(id, files) {
      await placeFile(destination, files.package_manifest, { key: stagedKey(id), signal });
      if (!(await placeFile(destination, files.package_entry, { key: partKey("package_entry", next), signal }))) {
        await store.delete(stagedKey(id));
        return false;
      }
      await nameManifests(destination, { part: next++, id });
      return true;
    },
    async replace(files) {
      for (const table of REPLACED) {
        const mode = { replaces: versions.get(table) };
        if (!(await store.put(wholeKey(table), await readFile(files[table]), { mode })).written) return false;
      }
      return true;
    },
  };
}

/** The numbers of the parts that a table has. */
async function partsOf({ store }: Destination, table: GrowingTable): Promise<ReadonlySet<number>> {
  const parts = new Set<number>();
  for await (const item of store.list(`${table}/`)) {
    const [, part] = ("key" in item && PART.exec(item.key)) || [];
    if (part !== undefined) parts.add(Number(part));
  }
  return parts;
}

/** Gives the manifests of a part their number, when its entries have it. */
async function finish(destination: Destination, part: number): Promise<void> {
  const id = await partIdOf(destination, partKey("package_entry", part));
  if (id !== undefined) await nameManifests(destination, { part, id });
  else throw missing(destination.store.url, partKey("package_manifest", part));
}

async function nameManifests(
  { store }: Destination,
  { part, id }: { readonly part: number; readonly id: string },
): Promise<void> {
  const key = partKey("package_manifest", part);
  if (await store.moveIfOlder(stagedKey(id), key, Number.POSITIVE_INFINITY)) return;
  // Another one did it.
  if ((await store.head(key)) === undefined) throw missing(store.url, key);
}

function otherFormat(location: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `Cannot export Parquet to ${location}: Iceberg tables are there.`, {
    hint: 'Use --to iceberg (to: "iceberg" in the library), or another place.',
    facts: { location },
  });
}
