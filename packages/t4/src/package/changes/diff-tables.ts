import { isT4Error, T4Error } from "../../base/errors.js";
import { nearest } from "../../base/nearest.js";
import { diffRows } from "../../content/diff-rows.js";
import type { Column, Row } from "../../content/format.js";
import type { TableSchema } from "../../content/rows.js";
import type { PackageEntry } from "../package-entry.js";
import { makePrivateDirectory } from "../private-directory.js";
import type { RowsDiffOptions, TableChange } from "./table-changes.js";

/** Two states of a file. */
export interface EntryPair {
  readonly before: PackageEntry;
  readonly after: PackageEntry;
}

/** Compares the rows of files, one after the other; those of equal bytes are left out. */
export async function* diffTables(
  pairs: Iterable<EntryPair>,
  { key, signal }: RowsDiffOptions,
): AsyncGenerator<TableChange, void, undefined> {
  for (const pair of pairs) {
    if (!isSameContent(pair)) yield* diffTable(pair, key, signal);
  }
}

function isSameContent({ before: { hash: old }, after: { hash: now } }: EntryPair): boolean {
  return old !== undefined && old.type === now?.type && old.value === now.value;
}

async function* diffTable(
  { before, after }: EntryPair,
  key: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<TableChange, void, undefined> {
  const { logicalKey } = after;
  // Cells of text are compared as they are written: their types depend on the other rows.
  const options = { text: true };
  const schemas = await schemasOf([before, after]);
  if (schemas === undefined) {
    yield { logicalKey, kind: "skipped" };
    return;
  }
  const [old, now] = schemas;
  const columns = { added: without(now, old), removed: without(old, now) };
  if (columns.added.length + columns.removed.length > 0) yield { logicalKey, kind: "columns", ...columns };
  for (const { columns: all } of schemas) requireKey(logicalKey, all, key);
  const rowsOf = (entry: PackageEntry): AsyncIterable<Row> => whileWanted(entry.rows(options), signal);
  const tables = { before: rowsOf(before), after: rowsOf(after), key, path: logicalKey };
  for await (const change of diffRows(tables, () => makePrivateDirectory("rows"))) yield { logicalKey, ...change };
}

async function* whileWanted(rows: AsyncIterable<Row>, signal: AbortSignal | undefined): AsyncGenerator<Row> {
  for await (const row of rows) {
    signal?.throwIfAborted();
    yield row;
  }
}

async function schemasOf(
  entries: readonly [PackageEntry, PackageEntry],
): Promise<[TableSchema, TableSchema] | undefined> {
  try {
    return [await entries[0].schema({ text: true }), await entries[1].schema({ text: true })];
  } catch (error) {
    // JSON that is no array of objects is no table either, and must not end the comparison of the others.
    if (isT4Error(error, "ERR_T4_UNSUPPORTED", "ERR_T4_FORMAT")) return undefined;
    throw error;
  }
}

function without({ columns }: TableSchema, other: TableSchema): Column[] {
  const names = new Set(other.columns.map(({ name }) => name));
  return columns.filter(({ name }) => !names.has(name));
}

function requireKey(path: string, columns: readonly Column[], key: readonly string[] = []): void {
  const names = columns.map(({ name }) => name);
  const missing = key.find((name) => !names.includes(name));
  if (missing === undefined) return;
  const near = nearest(missing, names);
  throw new T4Error(
    "ERR_T4_USAGE",
    `${JSON.stringify(path)} has no column ${JSON.stringify(missing)} in both states.`,
    {
      hint:
        near === undefined ? "Compare tables with different keys one by one, by their paths." : `Did you mean ${near}?`,
      facts: { path, column: missing },
    },
  );
}
