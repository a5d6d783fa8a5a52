import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Engine, quoted } from "../sql/engine.js";
import { fillTable } from "../sql/fill-table.js";
import type { ListedRevision, RevisionRecord } from "../sql/registry-revisions.js";
import { type Columns, type ColumnValue, ENTRIES, type FileRow } from "../sql/registry-tables.js";
import { COLUMNS, type ExportedColumn, exportedColumns, type TagRecord } from "./export-columns.js";
import { type ExportTable, type ExportTarget, PART_ID, type TableFiles } from "./export-target.js";

/** What tables are written with. */
export interface Writing {
  readonly engine: Engine;
  /** A local directory for files that wait to be brought to the target. */
  readonly directory: string;
  readonly target: ExportTarget;
  readonly signal: AbortSignal | undefined;
}

/** A row of `package_manifest`, by column. */
type Summary = Readonly<Record<string, ColumnValue | null>>;

/** A part gets no more revisions when it has so many rows: what memory holds, and most of what a broken-off export loses. */
const PART_ROWS = 500_000;

/** What became of parts. */
export interface Added {
  /** Revisions that came into the tables. */
  readonly revisions: number;
  /** Whether others added some meanwhile, so that the rest was not. */
  readonly isOvertaken: boolean;
}

/** Adds parts with the manifests of revisions and their entries. */
export async function addParts(
  { engine, directory, target, signal }: Writing,
  revisions: AsyncGenerator<RevisionRecord, void, undefined>,
): Promise<Added> {
  let added = 0;
  try {
    for (let isNeeded = target.wantsPart; ; isNeeded = false) {
      const summaries: Summary[] = [];
      const rows = entriesOf(revisions, (revision) => summaries.push(summaryOf(revision)));
      await fillTable(engine, { name: "package_entry", columns: COLUMNS.package_entry, rows, signal });
      if (summaries.length === 0 && !isNeeded) return { revisions: added, isOvertaken: false };
      await fillTable(engine, { name: "package_manifest", columns: SUMMARY, rows: each(summaries), signal });
      const id = randomUUID();
      const isAdded = await withFiles({ engine, directory }, ["package_entry", "package_manifest"], {
        id,
        use: (files) => target.add(id, files),
      });
      if (!isAdded) return { revisions: added, isOvertaken: true };
      added += summaries.length;
    }
  } finally {
    await revisions.return();
    await engine.run("drop table if exists package_entry");
  }
}

/** Replaces the tables of what names a revision has; `false`: others did meanwhile. */
export async function replaceTables(
  { engine, directory, target, signal }: Writing,
  { revisions, tags }: { readonly revisions: readonly ListedRevision[]; readonly tags: readonly TagRecord[] },
): Promise<boolean> {
  await fillTable(engine, {
    name: "package_revision",
    columns: COLUMNS.package_revision,
    rows: each(revisions),
    signal,
  });
  await fillTable(engine, { name: "package_tag", columns: COLUMNS.package_tag, rows: each(tags), signal });
  return withFiles({ engine, directory }, ["package_revision", "package_tag"], {
    use: (files) => target.replace(files),
  });
}

/** Entries of the next revisions, until there are enough of them. */
async function* entriesOf(
  revisions: AsyncGenerator<RevisionRecord, void, undefined>,
  onRevision: (revision: RevisionRecord) => void,
): AsyncGenerator<FileRow, void, undefined> {
  for (let count = 0; count < PART_ROWS; ) {
    const next = await revisions.next();
    if (next.done === true) return;
    onRevision(next.value);
    yield* ENTRIES.rows(next.value);
    count += next.value.manifest().run.count + 1;
  }
}

/** What the table says of a revision, taken while its manifest is open. */
function summaryOf(revision: RevisionRecord): Summary {
  return Object.fromEntries(Object.entries(COLUMNS.package_manifest).map(([name, { of }]) => [name, of(revision)]));
}

const SUMMARY: Columns<Summary> = Object.fromEntries(
  Object.entries(COLUMNS.package_manifest).map(([name, { type }]) => [name, { type, of: (row) => row[name] ?? null }]),
);

/** Writes tables of the engine as Parquet files, which are there while they are used; the tables are dropped. */
async function withFiles<Table extends ExportTable>(
  { engine, directory }: Pick<Writing, "engine" | "directory">,
  tables: readonly Table[],
  { id, use }: { readonly id?: string; readonly use: (files: TableFiles<Table>) => Promise<boolean> },
): Promise<boolean> {
  const files = Object.fromEntries(tables.map((table) => [table, join(directory, `${table}.parquet`)]));
  try {
    for (const table of tables) {
      await engine.run(copyStatement(table, { path: files[table] as string, id }));
      await engine.run(`drop table ${table}`);
    }
    return await use(files as TableFiles<Table>);
  } finally {
    for (const path of Object.values(files)) rmSync(path, { force: true });
  }
}

function copyStatement(
  table: ExportTable,
  { path, id }: { readonly path: string; readonly id: string | undefined },
): string {
  const columns = exportedColumns(table);
  // Of JSON, others know text.
  const values = columns.map(({ name, type }) => (type === "JSON" ? `${name}::varchar as ${name}` : name));
  const options = [
    "format parquet",
    "compression zstd",
    `field_ids {${columns.map(fieldId).join(", ")}}`,
    ...(id === undefined ? [] : [`kv_metadata {${PART_ID}: ${quoted(id)}}`]),
  ];
  return `copy (select ${values.join(", ")} from ${table}) to ${quoted(path)} (${options.join(", ")})`;
}

function fieldId({ name, id, members }: ExportedColumn): string {
  if (members.length === 0) return `${name}: ${id}`;
  return `${name}: {__duckdb_field_id: ${id}, ${members.map(fieldId).join(", ")}}`;
}

async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
