import type { RowComparison } from "../../server/table-api.js";
import type { TableColumn, Value } from "../table/table-source.js";
import { textOf } from "../table/value-text.js";

/** A column of either table. */
export interface DiffColumn {
  readonly name: string;
  readonly kind: TableColumn["kind"];
  readonly standing: "same" | "added" | "removed";
  readonly isKey: boolean;
}

/** A row that is new, gone or has other values; cells are texts, `undefined` where the side has no such column. */
export interface DiffRow {
  readonly kind: "added" | "removed" | "modified";
  readonly before: readonly (string | undefined)[] | undefined;
  readonly after: readonly (string | undefined)[] | undefined;
}

/** What differs between two tables. */
export interface RowDiff {
  readonly columns: readonly DiffColumn[];
  /** Names of the columns by which rows are told apart; none: rows are compared as a whole. */
  readonly key: readonly string[];
  /** Of a large table, only the first. */
  readonly rows: readonly DiffRow[];
  readonly counts: Readonly<Record<DiffRow["kind"] | "same", number>>;
}

/** A table that is in memory, or its first rows. */
export interface WholeTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Value[])[];
}

/** Columns that may be part of a key. */
const MOST_TRIED = 8;

/**
 * Compares two tables row by row. Rows are paired by the column, or pair of columns, whose values tell all rows apart on
 * both sides and are mostly the same on both; where there is none, a row is the same or not. Costs a few passes over both.
 */
export function diffRows(before: WholeTable, after: WholeTable): RowDiff {
  const key = guessKey(before, after);
  const all = columnsOf({ before, after, key });
  const [left, right] = [cellsOf(before, all), cellsOf(after, all)];
  const found = key.length > 0 ? pairRows(left, right, key.length) : countRows(left, right);
  const counts = { added: 0, removed: 0, modified: 0, same: 0 };
  for (const { kind } of found) counts[kind]++;
  counts.same = after.rows.length - counts.added - counts.modified;
  return { ...changedFirst(all, found), key, counts };
}

type Cells = readonly (string | undefined)[];

/** Shows what the server found by reading all rows of two tables whose columns are of these kinds. */
export function diffOf({ columns, key, counts, rows }: RowComparison, kinds: readonly TableColumn[]): RowDiff {
  const all = columns.map(({ name, standing }): DiffColumn => {
    const kind = kinds.find((column) => column.name === name)?.kind ?? "text";
    return { name, kind, standing, isKey: key.includes(name) };
  });
  const cells = (row: readonly string[] | null, absent: DiffColumn["standing"]): Cells | undefined =>
    row?.map((cell, i) => (all[i]?.standing === absent ? undefined : cell));
  const found = rows.map(
    ({ kind, before, after }): DiffRow => ({ kind, before: cells(before, "added"), after: cells(after, "removed") }),
  );
  return { ...changedFirst(all, found), key, counts };
}

/** Right behind the key stand the columns in which rows differ. */
function changedFirst(all: readonly DiffColumn[], found: readonly DiffRow[]): Pick<RowDiff, "columns" | "rows"> {
  const both = found.filter(({ kind }) => kind === "modified");
  const isChanged = all.map((_, i) => both.some(({ before, after }) => before?.[i] !== after?.[i]));
  const rank = (i: number): number => (all[i]?.isKey === true ? 0 : isChanged[i] === true ? 1 : 2);
  const order = all.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  const put = (cells: Cells | undefined): Cells | undefined => cells && order.map((i) => cells[i]);
  return {
    columns: order.flatMap((i) => all[i] ?? []),
    rows: found.map(({ kind, before, after }) => ({ kind, before: put(before), after: put(after) })),
  };
}

function cellsOf(table: WholeTable, columns: readonly DiffColumn[]): Cells[] {
  const places = columns.map(({ name }) => table.columns.findIndex((column) => column.name === name));
  return table.rows.map((row) => places.map((at) => (at === -1 ? undefined : textOf(row[at]))));
}

/** Key columns first, then those of the table after, then those that went. */
function columnsOf({
  before,
  after,
  key,
}: {
  readonly before: WholeTable;
  readonly after: WholeTable;
  readonly key: readonly string[];
}): DiffColumn[] {
  const [old, now] = [before, after].map(({ columns }) => new Set(columns.map(({ name }) => name)));
  const all = [...after.columns, ...before.columns.filter(({ name }) => now?.has(name) !== true)];
  const columns = all.map(({ name, kind }): DiffColumn => {
    const standing = old?.has(name) !== true ? "added" : now?.has(name) !== true ? "removed" : "same";
    return { name, kind, standing, isKey: key.includes(name) };
  });
  return columns.sort((a, b) => Number(b.isKey) - Number(a.isKey));
}

/** Names that say that they tell rows apart go before others. */
const KEY_NAME = /^(?:id|key|uuid|index)$|[_-]?id$/i;

/** The columns that tell the rows of both tables apart, as far as these rows show; none: there are no such columns. */
export function guessKey(before: WholeTable, after: WholeTable): readonly string[] {
  const shared = after.columns
    .map(({ name }) => name)
    .filter((name) => before.columns.some((one) => one.name === name));
  const singles = [...shared.filter((name) => KEY_NAME.test(name)), ...shared.slice(0, MOST_TRIED)].map((name) => [
    name,
  ]);
  const few = shared.slice(0, MOST_TRIED);
  const pairs = few.flatMap((first, i) => few.slice(i + 1).map((second) => [first, second]));
  let best: { readonly names: readonly string[]; readonly share: number } = { names: [], share: 0 };
  for (const names of [...singles, ...pairs]) {
    const [old, now] = [keysOf(before, names), keysOf(after, names)];
    if (old === undefined || now === undefined) continue;
    const share = sizeOfShared(old, now) / Math.max(1, Math.min(old.size, now.size));
    // The first rows of two large tables may share no value of an identifier.
    const isNamed = best.names.length === 0 && names.length === 1 && KEY_NAME.test(names[0] ?? "");
    if (share > best.share || isNamed) best = { names, share };
    if (share > SURE) break;
  }
  return best.names;
}

/** What tells rows apart is the same in nearly all of them; measured values are not. */
const SURE = 0.9;

function sizeOfShared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let count = 0;
  for (const value of left) if (right.has(value)) count++;
  return count;
}

/** The values of columns that tell all rows apart; `undefined` where they do not. */
function keysOf({ columns, rows }: WholeTable, names: readonly string[]): Set<string> | undefined {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  const seen = new Set<string>();
  for (const row of rows) {
    const values = places.map((at) => textOf(row[at]));
    const text = JSON.stringify(values);
    if (values.includes("") || seen.has(text)) return undefined;
    seen.add(text);
  }
  return seen;
}

/** In the order of the table after, with what went behind what stood before it. */
function pairRows(before: readonly Cells[], after: readonly Cells[], keyLength: number): DiffRow[] {
  const keyed = (rows: readonly Cells[]): Map<string, Cells> =>
    new Map(rows.map((row) => [JSON.stringify(row.slice(0, keyLength)), row]));
  const [old, now] = [keyed(before), keyed(after)];
  const rows: DiffRow[] = [];
  for (const [key, row] of old) if (!now.has(key)) rows.push({ kind: "removed", before: row, after: undefined });
  for (const [key, row] of now) {
    const was = old.get(key);
    if (was === undefined) rows.push({ kind: "added", before: undefined, after: row });
    else if (row.some((cell, i) => cell !== was[i])) rows.push({ kind: "modified", before: was, after: row });
  }
  return rows.sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
}

const ORDER = { modified: 0, removed: 1, added: 2 } as const;

/** Rows without a key: equal ones cancel each other. */
function countRows(before: readonly Cells[], after: readonly Cells[]): DiffRow[] {
  const left = new Map<string, { readonly row: Cells; count: number }>();
  for (const row of before) {
    const text = JSON.stringify(row);
    const same = left.get(text);
    if (same === undefined) left.set(text, { row, count: 1 });
    else same.count++;
  }
  const rows: DiffRow[] = [];
  for (const row of after) {
    const same = left.get(JSON.stringify(row));
    if (same === undefined || same.count === 0) rows.push({ kind: "added", before: undefined, after: row });
    else same.count--;
  }
  const gone = [...left.values()].flatMap(({ row, count }) => Array<Cells>(count).fill(row));
  return [...gone.map((row): DiffRow => ({ kind: "removed", before: row, after: undefined })), ...rows];
}
