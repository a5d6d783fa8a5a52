import { randomUUID } from "node:crypto";
import { type Engine, quoted } from "./engine.js";
import { type ExportFolder, type ExportTable, WHOLE } from "./export-folder.js";
import { fillTable } from "./fill-table.js";
import type { ListedRevision, RevisionRecord } from "./registry-revisions.js";
import { CONTENT, type Columns, type ColumnValue, ENTRIES, type FileRow, PACKAGE } from "./registry-tables.js";

/** What tables are written with. */
export interface Writing {
  readonly engine: Engine;
  readonly folder: ExportFolder;
  readonly signal: AbortSignal | undefined;
}

/** A name of a revision. */
export interface TagRecord extends ListedRevision {
  readonly tag: string;
}

/** A row of `package_manifest`, by column. */
type Summary = Readonly<Record<string, ColumnValue | null>>;

/** A part gets no more revisions when it has so many entries: what memory holds, and most of what a broken-off export loses. */
const PART_ENTRIES = 500_000;

const { pkg_name: _, ...ENTRY } = ENTRIES.columns;
const { pkg_name, timestamp, top_hash } = PACKAGE;
const MANIFEST: Columns<RevisionRecord> = { top_hash, ...CONTENT };
const REVISION: Columns<ListedRevision> = { pkg_name, timestamp, top_hash };
const TAG: Columns<TagRecord> = { pkg_name, tag_name: { type: "VARCHAR", of: ({ tag }) => tag }, top_hash };

/** Adds parts with the manifests of revisions and their entries; an export without any gets one also when there are none. */
export async function addParts(
  { engine, folder, signal }: Writing,
  revisions: AsyncGenerator<RevisionRecord, void, undefined>,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  try {
    for (let isNeeded = isFirst; ; isNeeded = false) {
      const summaries: Summary[] = [];
      const entries = entriesOf(revisions, (revision) => summaries.push(summaryOf(revision)));
      await fillTable(engine, {
        name: "package_entry",
        columns: ENTRY,
        rows: entries,
        signal,
      });
      if (summaries.length === 0 && !isNeeded) return;
      await fillTable(engine, { name: "package_manifest", columns: SUMMARY, rows: each(summaries), signal });
      await publish({ engine, folder, signal }, ["package_entry", "package_manifest"], randomUUID());
    }
  } finally {
    await revisions.return();
  }
}

/** Writes the tables of what names a revision has. */
export async function replaceTables(
  writing: Writing,
  { revisions, tags }: { readonly revisions: readonly ListedRevision[]; readonly tags: readonly TagRecord[] },
): Promise<void> {
  const { engine, signal } = writing;
  await fillTable(engine, { name: "package_revision", columns: REVISION, rows: each(revisions), signal });
  await fillTable(engine, { name: "package_tag", columns: TAG, rows: each(tags), signal });
  await publish(writing, ["package_revision", "package_tag"], WHOLE);
}

/** Entries of the next revisions, until there are enough of them. */
async function* entriesOf(
  revisions: AsyncGenerator<RevisionRecord, void, undefined>,
  onRevision: (revision: RevisionRecord) => void,
): AsyncGenerator<FileRow, void, undefined> {
  for (let count = 0; count < PART_ENTRIES; ) {
    const next = await revisions.next();
    if (next.done === true) return;
    onRevision(next.value);
    yield* ENTRIES.rows(next.value);
    count += next.value.manifest().run.count;
  }
}

/** What the table says of a revision, taken while its manifest is open. */
function summaryOf(revision: RevisionRecord): Summary {
  return Object.fromEntries(Object.entries(MANIFEST).map(([name, { of }]) => [name, of(revision)]));
}

const SUMMARY: Columns<Summary> = Object.fromEntries(
  Object.entries(MANIFEST).map(([name, { type }]) => [name, { type, of: (row) => row[name] ?? null }]),
);

async function publish({ engine, folder }: Writing, tables: readonly ExportTable[], part: string): Promise<void> {
  await folder.publish(tables, part, (table, path) => {
    // Of JSON, others know text.
    const columns =
      table === "package_entry" || table === "package_manifest" ? "* replace (metadata::varchar as metadata)" : "*";
    return engine.run(`copy (select ${columns} from ${table}) to ${quoted(path)} (format parquet, compression zstd)`);
  });
  for (const table of tables) await engine.run(`drop table ${table}`);
}

async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
