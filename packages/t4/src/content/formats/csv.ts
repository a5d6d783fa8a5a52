import { pipeline } from "node:stream";
import { T4Error } from "../../base/errors.js";
import { batched, isSampled, type RowSize, sizeOfCells } from "../batches.js";
import type { Column, FormatFile, FormatOptions, Row, Table } from "../format.js";
import { type Peeked, peek } from "../peeked.js";
import { distinctNames, rowMaker } from "../row.js";
import { badTable, requireWidth } from "../table-error.js";
import { decodeChunks } from "../text.js";
import { type TextType, typeOfTexts, valueOf } from "../text-values.js";

/** Comma-separated values; the first line names the columns. */
export const csv: FormatOptions = { extensions: [".csv"], table: (file) => openDelimited(file, ",") };

/** Tab-separated values; the first line names the columns. */
export const tsv: FormatOptions = { extensions: [".tsv", ".tab"], table: (file) => openDelimited(file, "\t") };

/** Characters of one record: a quote that is never closed must not fill the memory. */
const MOST_OF_RECORD = 8 << 20;

/** A record and the line of the file at which it ends. */
interface Line extends RowSize {
  readonly record: readonly string[];
  readonly line: number;
}

async function openDelimited(file: FormatFile, delimiter: string): Promise<Table> {
  const lines = await peek(readRecords(file, delimiter), isSampled());
  const [header, ...sample] = lines.first;
  const names = distinctNames(header?.record ?? []);
  const columns = names.map((name, i): Column & { readonly type: TextType } => ({
    name,
    type: file.asText ? "string" : typeOfTexts(sample.map(({ record: { [i]: cell = "" } }) => cell)),
  }));
  return { columns, rows: () => readRows(lines, columns, file.path), close: () => lines.close() };
}

function readRows(
  lines: Peeked<Line>,
  columns: readonly (Column & { readonly type: TextType })[],
  path: string,
): AsyncIterable<readonly Row[]> {
  const make = rowMaker(columns.map(({ name }) => name));
  return batched(lines.all(1), ({ record, line }) => {
    const values = columns.map(({ name, type }, i) => {
      const text = record[i] ?? "";
      if (text === "") return null;
      const value = valueOf(text, type);
      if (value === undefined) throw misfit(path, { line, name, type, text });
      return value;
    });
    return make(values);
  });
}

async function* readRecords(file: FormatFile, delimiter: string): AsyncGenerator<Line, void, undefined> {
  const { CsvError, parse } = await import("csv-parse");
  const parser = parse({ bom: true, delimiter, skip_empty_lines: true, info: true, max_record_size: MOST_OF_RECORD });
  // What fails is thrown by the parser itself; leaving the loop closes the source.
  const records = pipeline(decodeChunks(file.stream(), file.path), parser, () => undefined);
  let isHeader = true;
  try {
    for await (const { record, info } of records as AsyncIterable<ParsedRecord>) {
      if (isHeader) requireWidth(file.path, record.length);
      isHeader = false;
      yield { record, line: info.lines, ...sizeOfCells(record) };
    }
  } catch (error) {
    throw error instanceof CsvError ? badTable(file.path, error.message.replace(/\.$/, ""), error) : error;
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

interface Misfit {
  readonly line: number;
  readonly name: string;
  readonly type: TextType;
  readonly text: string;
}

function misfit(path: string, { line, name, type, text }: Misfit): T4Error {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const message = `${JSON.stringify(path)}, line ${line}, column ${JSON.stringify(name)}: expected ${type} as in the rows before, got ${shown}.`;
  return new T4Error("ERR_T4_FORMAT", message, {
    hint: "Read all cells as texts: rows({ text: true }), --text.",
    facts: { path, line, column: name, expected: type },
  });
}
