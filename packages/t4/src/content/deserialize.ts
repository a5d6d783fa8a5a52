import type { FormatFile, FormatOptions, Row } from "./format.js";
import { readRows } from "./rows.js";

/** Turns a whole file into a value: what its format makes of it, else its rows. */
export async function deserializeFile(format: FormatOptions, file: FormatFile): Promise<unknown> {
  if (format.read !== undefined) return format.read(await file.whole(), file.path);
  const rows: Row[] = [];
  for await (const row of readRows(format, file, {})) rows.push(row);
  return rows;
}
