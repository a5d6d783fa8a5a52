import { T4Error } from "../base/errors.js";
import type { Row } from "./format.js";
import { cellOf, put } from "./row.js";
import { compareKeys, isSameValue } from "./row-order.js";
import { type MakeDirectory, sortRows } from "./sorted-rows.js";
import type { KeyedRow } from "./sorted-run.js";

/** A row that only one of two tables has. */
export interface RowAddedOrRemoved {
  /** Which of the tables has it: `added`, the one after. */
  readonly kind: "added" | "removed";
  /** The values of the key; the whole row where there is no key. */
  readonly key: Row;
  /** All values. */
  readonly row: Row;
}

/** A row that has other values. */
export interface RowChanged {
  /** What happened. */
  readonly kind: "changed";
  /** The values of the key. */
  readonly key: Row;
  /** All values before. */
  readonly before: Row;
  /** All values now. */
  readonly after: Row;
  /** The columns in which they differ, in the order of the new row. */
  readonly columns: readonly string[];
}

/** A row that is new, gone, or has other values. */
export type RowChange = RowAddedOrRemoved | RowChanged;

/** Two tables, and how their rows are told apart. */
export interface TablePair {
  readonly before: AsyncIterable<Row>;
  readonly after: AsyncIterable<Row>;
  /** Columns whose values together are in no row twice; `undefined`: a row is the same or not. */
  readonly key: readonly string[] | undefined;
  /** What errors call the file. */
  readonly path: string;
}

/**
 * What differs between two tables, in the order of the key. Both are sorted, in directories made for it where they are large, and read once.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a key that several rows of a table have.
 */
export async function* diffRows(
  { before, after, key, path }: TablePair,
  makeDirectory: MakeDirectory,
): AsyncGenerator<RowChange, void, undefined> {
  const left = sortRows(keyed(before, key), makeDirectory);
  const right = sortRows(keyed(after, key), makeDirectory);
  const step = async (side: typeof left, last: KeyedRow | undefined): Promise<KeyedRow | undefined> => {
    const { value } = await side.next();
    if (key !== undefined && value && last && compareKeys(value.key, last.key) === 0) throw notUnique(path, key, value);
    return value ?? undefined;
  };
  try {
    let [old, now] = [await step(left, undefined), await step(right, undefined)];
    while (old !== undefined || now !== undefined) {
      const order = old === undefined ? 1 : now === undefined ? -1 : compareKeys(old.key, now.key);
      const change = changeOf(order <= 0 ? old : undefined, order >= 0 ? now : undefined, key);
      if (change !== undefined) yield change;
      if (order <= 0) old = await step(left, old);
      if (order >= 0) now = await step(right, now);
    }
  } finally {
    await Promise.all([left.return(), right.return()]);
  }
}

function changeOf(
  old: KeyedRow | undefined,
  now: KeyedRow | undefined,
  key: readonly string[] | undefined,
): RowChange | undefined {
  const { row } = (now ?? old) as KeyedRow;
  const facts = { key: key === undefined ? row : pick(row, key) };
  if (old === undefined) return { kind: "added", ...facts, row };
  if (now === undefined) return { kind: "removed", ...facts, row };
  const names = [...new Set([...Object.keys(now.row), ...Object.keys(old.row)])];
  const columns = names.filter((name) => !isSameValue(cellOf(old.row, name), cellOf(now.row, name)));
  return columns.length === 0 ? undefined : { kind: "changed", ...facts, before: old.row, after: now.row, columns };
}

async function* keyed(rows: AsyncIterable<Row>, key: readonly string[] | undefined): AsyncGenerator<KeyedRow> {
  for await (const row of rows)
    yield { key: key === undefined ? [wholeKey(row)] : key.map((name) => cellOf(row, name)), row };
}

/** All values of a row, whatever the order of the columns; what is null is as if it were not there. */
function wholeKey(row: Row): unknown {
  return Object.entries(row)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function pick(row: Row, names: readonly string[]): Row {
  const picked: Record<string, unknown> = {};
  for (const name of names) put(picked, name, cellOf(row, name));
  return picked;
}

function notUnique(path: string, names: readonly string[], { key }: KeyedRow): T4Error {
  const values = key.map((value, i) => `${names[i]} ${String(value)}`).join(", ");
  return new T4Error("ERR_T4_USAGE", `Several rows of ${JSON.stringify(path)} have the key ${values}.`, {
    hint: "Name columns whose values together are in no row twice; without a key, rows are compared as a whole.",
    facts: { path },
  });
}
