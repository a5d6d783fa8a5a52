import { isDeepJson } from "../base/nesting.js";
import { batched, meter, type RowSize, SAMPLE } from "./batches.js";
import type { Column, FormatFile, Row, Table } from "./format.js";
import { parseLossless, typeOfJson } from "./json-values.js";
import { peek } from "./peeked.js";
import { badTable, requireWidth } from "./table-error.js";

/** Levels of a row: whatever looks through one calls itself for each. */
const MOST_DEPTH = 900;

/** A row's text, and where in the file it is: `line 3`. */
export interface JsonText {
  readonly text: string;
  readonly place: string;
}

/** A table of texts each of which is an object in JSON. */
export async function openJsonTable(
  file: FormatFile,
  texts: AsyncGenerator<JsonText, void, undefined>,
): Promise<Table> {
  const columns = new Map<string, Set<string>>();
  const isEnough = meter(SAMPLE);
  const peeked = await peek(parsed(file.path, texts), (parsedRow) => {
    for (const [name, value] of Object.entries(parsedRow.row)) {
      const types = columns.get(name) ?? new Set();
      columns.set(name, types.add(typeOfJson(value)));
    }
    requireWidth(file.path, columns.size);
    return isEnough(parsedRow);
  });
  return {
    columns: Array.from(columns, ([name, types]): Column => ({ name, type: [...types].sort().join("|") })),
    isOpen: !peeked.isAll,
    rows: () => batched(peeked.all(), ({ row }) => row),
    close: () => peeked.close(),
  };
}

interface ParsedRow extends RowSize {
  readonly row: Row;
}

async function* parsed(
  path: string,
  texts: AsyncGenerator<JsonText, void, undefined>,
): AsyncGenerator<ParsedRow, void, undefined> {
  for await (const { text, place } of texts) {
    const row = parseRow(path, { text, place });
    yield { row, cells: Object.keys(row).length, characters: text.length };
  }
}

function parseRow(path: string, { text, place }: JsonText): Row {
  const value = parseAt(path, { text, place });
  if (typeOfJson(value) === "struct") return value as Row;
  throw badTable(path, `${place} is ${typeOfJson(value)}; each row must be an object`);
}

/** The value of a text, whatever it is. */
export function parseAt(path: string, { text, place }: JsonText): unknown {
  if (isDeepJson(text, MOST_DEPTH)) throw badTable(path, `${place} is nested deeper than ${MOST_DEPTH} levels`);
  try {
    return parseLossless(text);
  } catch (cause) {
    throw badTable(path, `${place} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}
