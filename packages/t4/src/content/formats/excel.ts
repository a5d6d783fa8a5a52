import { lettersOf, readSheet, type SheetRow } from "../excel/sheet.js";
import { readWorkbook } from "../excel/workbook.js";
import type { Column, FormatFile, FormatOptions, Row, Table } from "../format.js";
import { type Peeked, peek } from "../peeked.js";
import { distinctNames, rowMaker } from "../row.js";
import { badTable } from "../table-error.js";
import { openZip } from "../zip.js";

/** Excel's workbooks: the first sheet, whose first row names the columns. */
export const excel: FormatOptions = { extensions: [".xlsx", ".xlsm"], table: openExcel };

/** The columns' types are those of so many first rows. */
const SAMPLE_ROWS = 1000;
const BATCH_ROWS = 500;
const DAY_MS = 86_400_000;

async function openExcel(file: FormatFile): Promise<Table> {
  const zip = await openZip(await file.random());
  const workbook = await readWorkbook(file.path, zip);
  let count = 0;
  const rows = await peek(readSheet(file.path, zip, workbook), () => ++count > SAMPLE_ROWS);
  const [header, ...sample] = rows.first;
  const width = rows.first.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  // A column without a name has its letters.
  const titles = Array.from({ length: width }, (_, i) => titleOf(header?.cells[i]) ?? lettersOf(i));
  const names = distinctNames(titles);
  const columns = names.map((name, i): Column => ({ name, type: typeOf(sample.map(({ cells }) => cells[i])) }));
  return { columns, rows: () => batches(rows, names, file.path), close: () => rows.close() };
}

async function* batches(
  rows: Peeked<SheetRow>,
  names: readonly string[],
  path: string,
): AsyncGenerator<readonly Row[], void, undefined> {
  const make = rowMaker(names);
  let isHeader = true;
  let batch: Row[] = [];
  for await (const { number, cells } of rows.all()) {
    if (!isHeader) {
      if (cells.length > names.length)
        throw badTable(
          path,
          `row ${number} has a cell in column ${lettersOf(cells.length - 1)}, which no row before has`,
        );
      batch.push(make(cells));
    }
    isHeader = false;
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function titleOf(cell: unknown): string | undefined {
  if (cell === undefined || cell === "") return undefined;
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}

function typeOf(cells: readonly unknown[]): string {
  const types = new Set(cells.filter((cell) => cell !== undefined).map(nameOf));
  // Days among moments are moments, too.
  if (types.has("timestamp")) types.delete("date");
  return [...types].sort().join("|") || "null";
}

function nameOf(cell: unknown): string {
  if (cell instanceof Date) return cell.getTime() % DAY_MS === 0 ? "date" : "timestamp";
  return typeof cell === "boolean" ? "bool" : typeof cell;
}
