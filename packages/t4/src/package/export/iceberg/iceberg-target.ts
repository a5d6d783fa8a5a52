import { T4Error } from "../../../base/errors.js";
import { type Destination, tidy } from "../destination.js";
import {
  EXPORT_TABLES,
  type ExportTable,
  type ExportTarget,
  GROWING,
  type OpenTargetOptions,
  REPLACED,
} from "../export-target.js";
import { hashesIn } from "../known-hashes.js";
import { createTable, type IcebergTable, metadataKey, openTable, pointTo } from "./iceberg-table.js";
import { liveFiles } from "./live-files.js";
import { replaceRows } from "./replace-rows.js";
import {
  dataKey,
  discardFiles,
  entriesOf,
  keyOf,
  manifestKey,
  manifestsOf,
  showFiles,
  stageFile,
} from "./table-files.js";
import { propertyOf } from "./table-metadata.js";

/** What a table says of the last part that came into it: its number and its id. */
const PART = "t4.part";

/** A part that a table has. */
interface Part {
  /** From 1 on; 0: none. */
  readonly number: number;
  readonly id: string;
}

/**
 * Opens an export that is tables of Iceberg, and ends what a killed process began.
 *
 * A part is in the export as soon as a snapshot of `package_entry` has it, which one writer can make. All that `package_manifest` needs of it
 * was brought before: whoever opens the export next makes the snapshot with it.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` where Parquet tables are, `ERR_T4_UNSUPPORTED` for tables that are not ours,
 * `ERR_T4_NOT_FOUND` for an export from which files were removed.
 */
export async function openIcebergTarget(
  destination: Destination,
  { isDryRun, signal }: OpenTargetOptions,
): Promise<ExportTarget> {
  await refuseParquet(destination);
  const tables = new Map<ExportTable, IcebergTable>();
  // That of manifests first: the other is never behind it.
  for (const name of ["package_manifest", "package_entry", ...REPLACED] as const) {
    const table = (await openTable(destination, name)) ?? (isDryRun ? undefined : await createTable(destination, name));
    if (table !== undefined) tables.set(name, table);
  }
  const tableOf = (name: ExportTable): IcebergTable => tables.get(name) as IcebergTable;
  if (!isDryRun) {
    tables.set("package_manifest", await finish(destination, tableOf("package_manifest"), tableOf("package_entry")));
    for (const table of tables.values()) await pointTo(destination, table);
    await tidy(destination);
  }
  return {
    wantsPart: false,
    tables: () =>
      Object.fromEntries(
        EXPORT_TABLES.map((name) => [name, destination.locate(metadataKey(name, tables.get(name)?.version ?? 1))]),
      ) as Record<ExportTable, string>,
    async knownHashes() {
      const table = tables.get("package_manifest");
      const files = table === undefined ? [] : await liveFiles(destination, table, signal);
      return hashesIn(
        destination,
        files.map(({ data_file }) => keyOf(destination, data_file.file_path)),
        signal,
      );
    },
    async add(id, files) {
      for (const name of GROWING) await stageFile(destination, name, { id, path: files[name], signal });
      const part = { number: partOf(tableOf("package_entry")).number + 1, id };
      const entries = await appendPart(destination, tableOf("package_entry"), part);
      if (entries === undefined) {
        await discardFiles(
          destination,
          GROWING.flatMap((name) => [manifestKey(name, id), dataKey(name, id)]),
        );
        return false;
      }
      tables.set("package_entry", entries);
      tables.set("package_manifest", await ensurePart(destination, tableOf("package_manifest"), part));
      return true;
    },
    async replace(files) {
      for (const name of REPLACED) {
        const table = await replaceRows(destination, tableOf(name), { path: files[name], signal });
        if (table === undefined) return false;
        tables.set(name, table);
      }
      return true;
    },
  };
}

function partOf({ metadata }: IcebergTable): Part {
  const [number = "", id = ""] = propertyOf(metadata, PART)?.split(" ") ?? [];
  return { number: Number(number), id };
}

/** Brings into the manifests the part that only the entries have. */
async function finish(destination: Destination, manifests: IcebergTable, entries: IcebergTable): Promise<IcebergTable> {
  const part = partOf(entries);
  let present = manifests;
  if (part.number > partOf(present).number) {
    // Others may have gone on meanwhile; each ends what was begun before it begins.
    present = (await openTable(destination, manifests.name)) ?? manifests;
  }
  const behind = part.number - partOf(present).number;
  if (behind > 1 || part.number < partOf(manifests).number) throw apart(destination.location);
  return behind === 1 ? ensurePart(destination, present, part) : present;
}

/** Appends a part to a table, unless that has it. */
async function ensurePart(destination: Destination, table: IcebergTable, part: Part): Promise<IcebergTable> {
  for (let present = table; ; ) {
    if (partOf(present).number >= part.number) return present;
    const appended = await appendPart(destination, present, part);
    if (appended !== undefined) return appended;
    present = (await openTable(destination, table.name)) ?? present;
  }
}

/** Appends what was staged for a table; `undefined`: others changed the table meanwhile. */
async function appendPart(
  destination: Destination,
  table: IcebergTable,
  { number, id }: Part,
): Promise<IcebergTable | undefined> {
  const entries = await entriesOf(destination, destination.locate(manifestKey(table.name, id)));
  return showFiles(destination, table, {
    kept: await manifestsOf(destination, table),
    made: [{ id, entries }],
    operation: "append",
    properties: { [PART]: `${number} ${id}` },
  });
}

async function refuseParquet({ store, location }: Destination): Promise<void> {
  for await (const item of store.list("package_entry/", { delimiter: "/" })) {
    if (!("key" in item && item.key.endsWith(".parquet"))) continue;
    throw new T4Error(
      "ERR_T4_USAGE",
      `Cannot export Iceberg tables to ${location}: tables of Parquet files are there.`,
      {
        hint: 'Use --to parquet (to: "parquet" in the library), or another place.',
        facts: { location },
      },
    );
  }
}

function apart(location: string): T4Error {
  return new T4Error(
    "ERR_T4_NOT_FOUND",
    `The export ${location} is damaged: package_entry and package_manifest do not have the same parts.`,
    {
      hint: "Somebody removed or replaced one of them. Bring it back, or export to another place and remove this one.",
      facts: { location },
    },
  );
}
