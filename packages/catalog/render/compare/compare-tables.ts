import type { RowComparison } from "../../server/table-api.js";
import { getJson, Problem } from "../../web/state/api-client.js";
import { watchWork } from "../../web/state/work.js";
import { readBytes, readCounted } from "../read-bytes.js";
import { readParquet } from "../table/parquet-reader.js";
import type { TableSource } from "../table/table-source.js";
import { textTable } from "../table/text-table.js";
import { diffOf, diffRows, guessKey, type RowDiff, type WholeTable } from "./row-diff.js";
import { type ComparedFile, countingRead, isLarge, type Sides, type Tell } from "./sides.js";

/** Rows and cells that are compared in the browser. */
const MOST_ROWS = 400_000;
const MOST_CELLS = 10_000_000;
/** By so much of a large table it is guessed what tells its rows apart; all rows have to agree. */
const HEAD_BYTES = 1 << 20;
const HEAD_ROWS = 5000;

/** Finds the rows in which two states of a table differ. */
export async function compareTables({ before, after, rows }: Sides, tell: Tell): Promise<RowDiff> {
  if (!isLarge({ before, after })) {
    const onRead = countingRead(before.size + after.size, tell);
    const [old, now] = await Promise.all([openTable(before, onRead), openTable(after, onRead)]);
    requireNarrow(old, now);
    const count = Math.max(old.count, now.count);
    if (count <= MOST_ROWS && count * Math.max(old.width, now.width) <= MOST_CELLS) {
      return diffRows(await readRows(old, MOST_ROWS), await readRows(now, MOST_ROWS));
    }
  }
  const [old, now] = await Promise.all([readHead(before), readHead(after)]);
  const key = guessKey(old, now).map((name) => `&key=${encodeURIComponent(name)}`);
  const url = `${rows}${key.join("")}`;
  const found = await watchWork(async (headers) => getJson<RowComparison>(url, { headers }), tell);
  return diffOf(found, [...now.columns, ...old.columns]);
}

/** What was not read of a table must not count as equal. */
function requireNarrow(...tables: readonly TableSource[]): void {
  const widest = Math.max(...tables.map(({ width }) => width));
  if (tables.every(({ width, columns }) => width === columns.length)) return;
  const message = `These tables have too many columns to be compared row by row: ${widest}.`;
  throw new Problem({ code: "TooLarge", message, hint: "Compare their lines." });
}

function isParquet({ path }: ComparedFile): boolean {
  return /\.(?:parquet|pq)$/i.test(path);
}

async function openTable(file: ComparedFile, onRead: (more: number) => void): Promise<TableSource> {
  if (isParquet(file)) return readParquet(file);
  return textSource(file, await readCounted(file, onRead));
}

async function readHead(file: ComparedFile): Promise<WholeTable> {
  if (isParquet(file)) return readRows(await readParquet(file), HEAD_ROWS);
  return readRows(textSource(file, await readBytes(file, { start: 0, end: HEAD_BYTES })), HEAD_ROWS);
}

function textSource({ path, size }: ComparedFile, bytes: Uint8Array): TableSource {
  const isWhole = bytes.length >= size;
  const text = new TextDecoder().decode(bytes, { stream: !isWhole });
  return textTable({ path, text, isWhole, bytesRead: bytes.length });
}

async function readRows(source: TableSource, most: number): Promise<WholeTable> {
  return { columns: source.columns, rows: await source.rows(0, Math.min(most, source.count)) };
}
