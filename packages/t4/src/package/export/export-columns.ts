import type { ListedRevision, RevisionRecord } from "../sql/registry-revisions.js";
import { CONTENT, type Column, type Columns, ENTRIES, type FileRow, PACKAGE } from "../sql/registry-tables.js";
import type { ExportTable } from "./export-target.js";

/** A name of a revision. */
export interface TagRecord extends ListedRevision {
  readonly tag: string;
}

const { pkg_name: _, ...ENTRY } = ENTRIES.columns;
const { pkg_name, timestamp, top_hash } = PACKAGE;
const MANIFEST: Columns<RevisionRecord> = { top_hash, ...CONTENT };
const REVISION: Columns<ListedRevision> = { pkg_name, timestamp, top_hash };
const TAG: Columns<TagRecord> = { pkg_name, tag_name: { type: "VARCHAR", of: ({ tag }) => tag }, top_hash };

/** The columns of the tables, whose names and types are those of Quilt's own. */
export const COLUMNS = {
  package_entry: ENTRY as Columns<FileRow>,
  package_manifest: MANIFEST,
  package_revision: REVISION,
  package_tag: TAG,
} as const;

/** The members of a hash. */
const HASH_MEMBERS = ["type", "value"] as const;

/** What the files of a table call a column whatever its name is: it stays, and no other column gets it. */
const IDS: Readonly<Record<ExportTable, Readonly<Record<string, number>>>> = {
  package_entry: {
    top_hash: 1,
    logical_key: 2,
    physical_key: 3,
    size: 4,
    hash: 5,
    "hash.type": 6,
    "hash.value": 7,
    metadata: 8,
  },
  package_manifest: { top_hash: 1, message: 2, metadata: 3, entries: 4, size: 5 },
  package_revision: { pkg_name: 1, timestamp: 2, top_hash: 3 },
  package_tag: { pkg_name: 1, tag_name: 2, top_hash: 3 },
};

/** A column of a table, with the id that files have it by. */
export interface ExportedColumn {
  readonly id: number;
  readonly name: string;
  readonly type: Column<unknown>["type"];
  /** Of a hash, its own columns. */
  readonly members: readonly ExportedColumn[];
}

/** The columns of a table, in order. */
export function exportedColumns(table: ExportTable): readonly ExportedColumn[] {
  const idOf = (path: string): number => {
    const id = IDS[table][path];
    if (id === undefined) throw new Error(`The column ${path} of ${table} has no id.`);
    return id;
  };
  const columns = Object.entries<Pick<Column<unknown>, "type">>(COLUMNS[table]);
  return columns.map(([name, { type }]) => ({
    id: idOf(name),
    name,
    type,
    members:
      type === "HASH"
        ? HASH_MEMBERS.map((each) => ({ id: idOf(`${name}.${each}`), name: each, type: "VARCHAR", members: [] }))
        : [],
  }));
}
