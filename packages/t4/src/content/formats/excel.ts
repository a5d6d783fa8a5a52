import { batched, isSampled } from "../batches.js";
import { lettersOf, readSheet, type SheetRow } from "../excel/sheet.js";
import { readWorkbook } from "../excel/workbook.js";
import type { Column, FormatFile, FormatOptions, Row, Table } from "../format.js";
import { type Peeked, peek } from "../peeked.js";
import { distinctNames, rowMaker } from "../row.js";
import { badTable } from "../table-error.js";
import { openZip } from "../zip.js";

/** Excel's workbooks: the first sheet, whose first row names the columns. */
export const excel: FormatOptions = { extensions: [".xlsx", ".xlsm"], table: openExcel };

const DAY_MS = 86_400_000;

async function openExcel(file: FormatFile): Promise<Table> {
  const zip = await openZip(await file.random());
  const workbook = await readWorkbook(file.path, zip);
  const rows = await peek(readSheet(file.path, zip, workbook), isSampled());
  const [header, ...sample] = rows.first;
  const width = rows.first.reduce((most, { cells }) => Math.max(most, cells), 0);
  // A column without a name has its letters.
  const titles = Array.from({ length: width }, (_, i) => titleOf(header?.values[i]) ?? lettersOf(i));
  const names = distinctNames(titles);
  const columns = names.map((name, i): Column => ({ name, type: typeOf(sample.map(({ values }) => values[i])) }));
  return { columns, rows: () => readRows(rows, names, file.path), close: () => rows.close() };
}

function readRows(rows: Peeked<SheetRow>, names: readonly string[], path: string): AsyncIterable<readonly Row[]> {
  const make = rowMaker(names);
  return batched(rows.all(1), ({ number, values }) => {
    if (values.length <= names.length) return make(values);
    throw badTable(path, `row ${number} has a cell in column ${lettersOf(values.length - 1)}, which no row before has`);
  });
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
