import type { Column, Row } from "../../content/format.js";
import { cellOf } from "../../content/row.js";
import { requireTable } from "../../content/rows.js";
import { badTable } from "../../content/table-error.js";
import type { Entry } from "../../format/entry.js";
import { formatOf } from "../entry-format.js";
import { Package } from "../package.js";
import { PackageEntry } from "../package-entry.js";
import { columnType, present } from "./column-types.js";
import type { DuckDb, Engine } from "./engine.js";
import { isMade, type MadeColumn, makeTable } from "./make-table.js";
import type { Statement } from "./statement.js";

/** A file that DuckDB cannot read itself. */
export interface FileToFill {
  /** As the statement names it. */
  readonly name: string;
  /** What its package says of it. */
  readonly entry: Entry;
  /** Where it is, verified. */
  readonly path: string;
}

/** @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for what is no table. */
export function requireTableFile(entry: Entry): void {
  requireTable(formatOf(entry), entry.logicalKey);
}

/**
 * Makes a table of a file in a format that T4 reads, with the columns that a statement may read; as `PackageEntry.rows` gives them.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for a file that is not what its ending says.
 */
export async function fillFile(
  engine: Engine,
  { name, entry, path }: FileToFill,
  { mentions, signal }: Pick<Statement, "mentions"> & { readonly signal: AbortSignal | undefined },
): Promise<void> {
  const file = await placedEntry(entry, path);
  const { columns: all } = await file.schema();
  const wanted = all.filter((column, i) => isMade(column.name, i, mentions));
  const rows = file.rows({ columns: wanted.map((column) => column.name) });
  const columns = wanted.map((column) => madeColumn(engine.duckdb, column, entry.logicalKey));
  await makeTable(engine, { name, columns, rows, signal });
}

/** The file where it is now, under the name and with the metadata that say of which format it is. */
async function placedEntry(original: Entry, path: string): Promise<PackageEntry> {
  const { entry, access } = (await new Package().set("file", path)).entry("file").toEntry();
  const { logicalKey, meta } = original;
  return PackageEntry.of({ ...entry, logicalKey, meta }, { access: () => access, change: () => entry });
}

function madeColumn(duckdb: DuckDb, { name, type: typeName }: Column, path: string): MadeColumn<Row> {
  const { type, of } = columnType(duckdb, typeName);
  return {
    name,
    type,
    of(row) {
      const value = present(cellOf(row, name), of);
      if (value !== undefined) return value;
      throw badTable(path, `a value of the column ${JSON.stringify(name)} is no ${typeName} that SQL has`);
    },
  };
}
