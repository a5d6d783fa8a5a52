import type { Column, FormatFile, Row, Table } from "./format.js";
import { parseLossless, typeOfJson } from "./json-values.js";
import { peek } from "./peeked.js";
import { badTable, requireWidth } from "./table-error.js";

/** The columns are those of so many first rows, or fewer where they are long. */
const SAMPLE_ROWS = 1000;
const SAMPLE_CELLS = 100_000;
const BATCH_ROWS = 500;

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
  let rows = 0;
  let cells = 0;
  const peeked = await peek(parsed(file.path, texts), (row) => {
    for (const [name, value] of Object.entries(row)) {
      const types = columns.get(name) ?? new Set();
      columns.set(name, types.add(typeOfJson(value)));
      cells++;
    }
    requireWidth(file.path, columns.size);
    return ++rows >= SAMPLE_ROWS || cells >= SAMPLE_CELLS;
  });
  return {
    columns: Array.from(columns, ([name, types]): Column => ({ name, type: [...types].sort().join("|") })),
    isOpen: !peeked.isAll,
    rows: () => inBatches(peeked.all()),
    close: () => peeked.close(),
  };
}

async function* parsed(
  path: string,
  texts: AsyncGenerator<JsonText, void, undefined>,
): AsyncGenerator<Row, void, undefined> {
  for await (const { text, place } of texts) yield parseRow(path, { text, place });
}

function parseRow(path: string, { text, place }: JsonText): Row {
  const value = parseAt(path, { text, place });
  if (typeOfJson(value) === "struct") return value as Row;
  throw badTable(path, `${place} is ${typeOfJson(value)}; each row must be an object`);
}

/** The value of a text, whatever it is. */
export function parseAt(path: string, { text, place }: JsonText): unknown {
  try {
    return parseLossless(text);
  } catch (cause) {
    throw badTable(path, `${place} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

async function* inBatches(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[], void, undefined> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
