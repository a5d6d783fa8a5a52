import type { Row } from "./format.js";

/** What a row takes, about. */
export interface RowSize {
  readonly cells: number;
  /** Of its texts; what else it holds is small. */
  readonly characters: number;
}

/** How much of a table is in memory at once: rows until one of these is reached, and always one. */
export interface RowBudget extends RowSize {
  readonly rows: number;
}

/** What columns and their types are found in. */
export const SAMPLE: RowBudget = { rows: 1000, cells: 100_000, characters: 4 << 20 };
/** What is handed on at once. */
const BATCH: RowBudget = { rows: 500, cells: 50_000, characters: 1 << 20 };

/** Counts rows against a budget: whether it is used up with the one that is added. */
export function meter(budget: RowBudget): (row: RowSize) => boolean {
  let [rows, cells, characters] = [0, 0, 0];
  return (row) => {
    cells += row.cells;
    characters += row.characters;
    return ++rows >= budget.rows || cells >= budget.cells || characters >= budget.characters;
  };
}

/** Whether a header and the rows after it are enough of a sample: at least one row belongs to it, however long the header is. */
export function isSampled(): (row: RowSize) => boolean {
  const isEnough = meter(SAMPLE);
  let isHeader = true;
  return (row) => {
    const isAfter = !isHeader;
    isHeader = false;
    return isAfter && isEnough(row);
  };
}

/** Makes rows of items, in batches that fit a budget. */
export async function* batched<Item extends RowSize>(
  items: AsyncIterable<Item>,
  rowOf: (item: Item) => Row,
  budget: RowBudget = BATCH,
): AsyncGenerator<readonly Row[], void, undefined> {
  let batch: Row[] = [];
  let isFull = meter(budget);
  for await (const item of items) {
    batch.push(rowOf(item));
    if (!isFull(item)) continue;
    yield batch;
    batch = [];
    isFull = meter(budget);
  }
  yield batch;
}

/** Rows of so many columns that are handed on at once, by formats that have them in memory already. */
export function batchRows(columns: number): number {
  return Math.max(1, Math.min(BATCH.rows, Math.floor(BATCH.cells / Math.max(1, columns))));
}

/** The size of a row whose cells these are. */
export function sizeOfCells(cells: readonly unknown[]): RowSize {
  let characters = 0;
  for (const cell of cells) if (typeof cell === "string") characters += cell.length;
  return { cells: cells.length, characters };
}
