import { T4Error } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { matches, requireFilter } from "./filter.js";
import type { Column, FormatFile, FormatOptions, Row, RowFilter, Table } from "./format.js";
import { cellOf, namesOf, put } from "./row.js";
import { readError, reading } from "./table-error.js";

/** What a table holds. */
export interface TableSchema {
  /** In the order of the file; of JSON, those that the first 1000 rows have, or fewer where they are long. */
  readonly columns: readonly Column[];
  /** Rows of the whole table, where the file says so without being read. */
  readonly rowCount: number | undefined;
}

/** Which part of a table is read. */
export interface RowSelection {
  /** The columns of each row, in this order. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** Conditions on columns, each of which must hold; the columns need not be among {@link RowSelection.columns}. */
  readonly filter?: RowFilter;
  /** Rows at most. Default: all. */
  readonly limit?: number | undefined;
}

/**
 * Reads a table row by row.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` where the format has no tables, `ERR_T4_USAGE` for columns that there are not.
 */
export async function* readRows(
  format: FormatOptions,
  file: FormatFile,
  { columns, filter = {}, limit = Number.POSITIVE_INFINITY }: RowSelection,
): AsyncGenerator<Row, void, undefined> {
  requireFilter(filter);
  requireLimit(limit);
  yield* withTable(format, file, async function* (table) {
    requireColumns(table, [...(columns ?? []), ...Object.keys(filter)]);
    requireComparable(table, filter);
    const isFiltered = Object.keys(filter).length > 0;
    const wanted = columns && [...new Set([...columns, ...Object.keys(filter)])];
    let left = limit;
    if (left === 0) return;
    for await (const batch of table.rows({ columns: wanted, filter, limit: isFiltered ? undefined : finite(limit) })) {
      for (const row of batch) {
        if (isFiltered && !matches(row, filter)) continue;
        yield columns === undefined ? row : project(row, columns);
        if (--left === 0) return;
      }
    }
  });
}

/** The columns of a table. */
export async function readSchema(format: FormatOptions, file: FormatFile): Promise<TableSchema> {
  const schemas = withTable(format, file, async function* (table): AsyncGenerator<TableSchema> {
    yield { columns: table.columns, rowCount: table.rowCount };
  });
  for await (const schema of schemas) return schema;
  throw new Error("A table has a schema.");
}

/** Opens a table, and closes it whatever happens; what a library throws says which file it was. */
async function* withTable<Item>(
  format: FormatOptions,
  file: FormatFile,
  use: (table: Table) => AsyncGenerator<Item, void, undefined>,
): AsyncGenerator<Item, void, undefined> {
  const open = requireTable(format, file.path);
  const table = await reading(file.path, () => open(file));
  try {
    yield* use(table);
  } catch (error) {
    throw readError(file.path, error);
  } finally {
    await table.close?.();
  }
}

function project(row: Row, columns: readonly string[]): Row {
  const projected: Record<string, unknown> = {};
  for (const name of columns) put(projected, name, cellOf(row, name));
  return projected;
}

function finite(limit: number): number | undefined {
  return Number.isFinite(limit) ? limit : undefined;
}

function requireLimit(limit: number): void {
  if (limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0)) return;
  throw new T4Error("ERR_T4_USAGE", `Expected a limit of rows, got ${String(limit)}.`, {
    hint: "It is a whole number from 0 on.",
  });
}

function requireColumns({ columns, isOpen = false }: Table, names: readonly string[]): void {
  if (isOpen) return;
  const known = namesOf(columns);
  const missing = names.find((name) => !known.includes(name));
  if (missing === undefined) return;
  const near = nearest(missing, known);
  throw new T4Error("ERR_T4_USAGE", `There is no column ${JSON.stringify(missing)}.`, {
    hint: near === undefined ? "t4 schema and schema() show which there are." : `Did you mean ${near}?`,
    facts: { column: missing },
  });
}

/** Decimals are texts, in whose order 10 comes before 9. */
function requireComparable({ columns }: Table, filter: RowFilter): void {
  const decimal = columns.find(({ name, type }) => type.startsWith("decimal") && Object.hasOwn(filter, name));
  if (decimal === undefined) return;
  throw new T4Error("ERR_T4_UNSUPPORTED", `Cannot filter by ${JSON.stringify(decimal.name)}: it is ${decimal.type}.`, {
    hint: "Read the rows, and compare the decimals in a way that keeps their digits.",
    facts: { column: decimal.name },
  });
}

/** @throws {@link T4Error} `ERR_T4_UNSUPPORTED` where a format has no tables. */
export function requireTable({ table }: FormatOptions, path: string): NonNullable<FormatOptions["table"]> {
  if (table !== undefined) return table;
  throw new T4Error("ERR_T4_UNSUPPORTED", `${JSON.stringify(path)} is no table.`, {
    hint: "Read it with deserialize(), text() or bytes(), or add its format with registerFormat.",
    facts: { path },
  });
}
