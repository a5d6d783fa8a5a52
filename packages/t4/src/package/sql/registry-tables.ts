import { type Entry, entryUserMeta } from "../../format/entry.js";
import { messageOf, userMetaOf } from "../../format/header.js";
import type { Json } from "../../format/json-value.js";
import { plainJson } from "./plain-json.js";
import type { Cost, ListedRevision, RevisionRecord } from "./registry-revisions.js";

/** A value of a column, by its type: a `HASH` is that of an entry. */
export type ColumnValue = string | bigint | boolean | Date | Entry["hash"];

/** A column of a table about a registry. */
export interface Column<Row> {
  readonly type: "VARCHAR" | "BIGINT" | "BOOLEAN" | "TIMESTAMPTZ" | "JSON" | "HASH";
  readonly cost?: Cost;
  readonly of: (row: Row) => ColumnValue | null;
}

/** Columns by name, in order. */
export type Columns<Row> = Readonly<Record<string, Column<Row>>>;

/** A table about a registry. */
export interface RegistryTable<Row = unknown> {
  /** Whether it always has rows of all revisions; else of the latest, or of all where the user asks for that. */
  readonly isHistory: boolean;
  readonly columns: Columns<Row>;
  /** What every row costs. */
  readonly cost?: Cost;
  readonly rows: (revision: RevisionRecord) => Iterable<Row>;
}

/** Something of a revision that has metadata. */
interface Described {
  readonly revision: RevisionRecord;
  /** `null`: the package itself. A directory ends in a slash. */
  readonly logicalKey: string | null;
  readonly meta: Json | undefined;
}

/** A file of a revision. */
export interface FileRow {
  readonly revision: RevisionRecord;
  readonly entry: Entry;
}

// Names and types are those of Quilt's own tables: package_revision, package_manifest and package_entry, and `hash` of its Athena views.
/** What a revision is, without what is in it. */
export const PACKAGE = {
  pkg_name: { type: "VARCHAR", of: ({ name }) => name },
  author: { type: "VARCHAR", of: ({ name }) => name.slice(0, name.indexOf("/")) },
  top_hash: { type: "VARCHAR", of: ({ topHash }) => topHash },
  timestamp: { type: "TIMESTAMPTZ", cost: "time", of: ({ time }) => time ?? null },
} satisfies Columns<ListedRevision>;

/** What is in a revision, all in all. */
export const CONTENT: Columns<RevisionRecord> = {
  message: { type: "VARCHAR", cost: "manifest", of: ({ manifest }) => messageOf(manifest().header) },
  metadata: { type: "JSON", cost: "manifest", of: ({ manifest }) => plainJson(userMetaOf(manifest().header)) },
  entries: { type: "BIGINT", cost: "manifest", of: ({ manifest }) => BigInt(manifest().run.count) },
  size: { type: "BIGINT", cost: "manifest", of: ({ manifest }) => BigInt(manifest().totalBytes) },
};

/** The columns that say of which revision a row is. */
function ofRevision<Row extends { readonly revision: RevisionRecord }>(): Columns<Row> {
  return {
    pkg_name: { type: "VARCHAR", of: ({ revision }) => revision.name },
    top_hash: { type: "VARCHAR", of: ({ revision }) => revision.topHash },
  };
}

const itself = (revision: RevisionRecord): RevisionRecord[] => [revision];

const PACKAGES: RegistryTable<RevisionRecord> = {
  isHistory: false,
  columns: { ...PACKAGE, ...CONTENT },
  rows: itself,
};

const REVISIONS: RegistryTable<RevisionRecord> = {
  isHistory: true,
  columns: { ...PACKAGE, is_latest: { type: "BOOLEAN", of: ({ isLatest }) => isLatest }, ...CONTENT },
  rows: itself,
};

/** The files of revisions. */
export const ENTRIES: RegistryTable<FileRow> = {
  isHistory: false,
  columns: {
    ...ofRevision<FileRow>(),
    logical_key: { type: "VARCHAR", of: ({ entry }) => entry.logicalKey },
    physical_key: { type: "VARCHAR", of: ({ entry }) => entry.physicalKeys[0] ?? null },
    size: { type: "BIGINT", of: ({ entry: { size } }) => (Number.isSafeInteger(size) ? BigInt(size as number) : null) },
    hash: { type: "HASH", of: ({ entry }) => entry.hash },
    metadata: { type: "JSON", of: ({ entry }) => plainJson(entryUserMeta(entry.meta)) },
  },
  cost: "manifest",
  *rows(revision) {
    for (const entry of revision.manifest().run.entries()) yield { revision, entry };
  },
};

const METADATA: RegistryTable<Described> = {
  isHistory: false,
  columns: {
    ...ofRevision<Described>(),
    logical_key: { type: "VARCHAR", of: ({ logicalKey }) => logicalKey },
    metadata: { type: "JSON", of: ({ meta }) => plainJson(meta) },
  },
  cost: "manifest",
  *rows(revision) {
    const { header, directories, run } = revision.manifest();
    const all = function* (): Generator<Described, void, undefined> {
      yield { revision, logicalKey: null, meta: userMetaOf(header) };
      for (const [path, meta] of directories) yield { revision, logicalKey: `${path}/`, meta };
      for (const entry of run.entries())
        yield { revision, logicalKey: entry.logicalKey, meta: entryUserMeta(entry.meta) };
    };
    for (const described of all()) if (isSaid(described.meta)) yield described;
  },
};

/** The tables of the schema `t4`. */
export const REGISTRY_TABLES = {
  packages: PACKAGES,
  revisions: REVISIONS,
  entries: ENTRIES,
  metadata: METADATA,
} as unknown as Readonly<Record<string, RegistryTable>>;

function isSaid(meta: Json | undefined): boolean {
  return meta !== undefined && !(meta instanceof Map && meta.size === 0);
}
