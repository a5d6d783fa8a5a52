import type { RowComparison } from "../../server/table-api.js";
import { getJson } from "../../web/state/api-client.js";
import type { CompareProps } from "../comparators.js";
import type { PreviewFile } from "../previews.js";
import { readBytes, readWhole } from "../read-bytes.js";
import { parquetTable } from "../table/parquet-table.js";
import type { TableSource } from "../table/table-source.js";
import { textTable } from "../table/text-table.js";
import { diffOf, diffRows, guessKey, type RowDiff, type WholeTable } from "./row-diff.js";

/** What is compared in the browser; larger tables are by the server. */
const MOST_BYTES = 24 << 20;
const MOST_ROWS = 400_000;
/** By so much of a large table it is guessed what tells its rows apart; all rows have to agree. */
const HEAD_BYTES = 1 << 20;
const HEAD_ROWS = 5000;

/** Whether all bytes of both are read by the server. */
export function isLarge({ before, after }: Pick<CompareProps, "before" | "after">): boolean {
  return Math.max(before.size, after.size) > MOST_BYTES;
}

/** Finds the rows in which two states of a table differ. */
export async function compareTables({ before, after, rows }: CompareProps, signal: AbortSignal): Promise<RowDiff> {
  if (!isLarge({ before, after })) {
    const [old, now] = await Promise.all([openTable(before, signal), openTable(after, signal)]);
    if (Math.max(old.count, now.count) <= MOST_ROWS) {
      return diffRows(await readRows(old, MOST_ROWS), await readRows(now, MOST_ROWS));
    }
  }
  const [old, now] = await Promise.all([readHead(before, signal), readHead(after, signal)]);
  const key = guessKey(old, now).map((name) => `&key=${encodeURIComponent(name)}`);
  const found = await getJson<RowComparison>(`${rows}${key.join("")}`, signal);
  return diffOf(found, [...now.columns, ...old.columns]);
}

function isParquet({ path }: PreviewFile): boolean {
  return /\.(?:parquet|pq)$/i.test(path);
}

async function openTable(file: PreviewFile, signal: AbortSignal): Promise<TableSource> {
  if (isParquet(file)) return parquetTable(file, signal);
  return textSource(file, await readWhole(file, signal));
}

async function readHead(file: PreviewFile, signal: AbortSignal): Promise<WholeTable> {
  if (isParquet(file)) return readRows(await parquetTable(file, signal), HEAD_ROWS);
  return readRows(textSource(file, await readBytes(file, { start: 0, end: HEAD_BYTES, signal })), HEAD_ROWS);
}

function textSource({ path, size }: PreviewFile, bytes: Uint8Array): TableSource {
  const isWhole = bytes.length >= size;
  const text = new TextDecoder().decode(bytes, { stream: !isWhole });
  return textTable({ path, text, isWhole, bytesRead: bytes.length });
}

async function readRows(source: TableSource, most: number): Promise<WholeTable> {
  return { columns: source.columns, rows: await source.rows(0, Math.min(most, source.count)) };
}
