import { Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import type { PackageEntry } from "../package-entry.js";
import { headOf } from "./head-of.js";

/** A header is looked for in so many bytes: the schema of a text table would read thousands of rows. */
const HEAD_BYTES = 64 << 10;
/** A wider table is data in disguise. */
const MAX_COLUMNS = 10_000;
const TEXT_TABLE = /\.(?:csv|(tsv|tab))(\.gz)?$/i;

/** Tables that say their columns at their end, or at their beginning. */
const FOOTED_TABLE = /\.(?:parquet|pq|arrow|feather|ipc|npy)$/i;

/** Whether columns of a file can be found for little. */
export function hasColumnNames(logicalKey: string): boolean {
  return TEXT_TABLE.test(logicalKey) || FOOTED_TABLE.test(logicalKey);
}

/** The names of a table's columns. Costs a read of the first 64 KiB, or of a footer. The bytes are not verified: it is a part of a file. */
export async function columnNames(entry: PackageEntry): Promise<readonly string[]> {
  const names = await found(entry);
  return names.length <= MAX_COLUMNS ? names : [];
}

async function found(entry: PackageEntry): Promise<readonly string[]> {
  const [text, isTabs, isPacked] = TEXT_TABLE.exec(entry.logicalKey) ?? [];
  if (text === undefined) return (await entry.schema({ verify: false })).columns.map(({ name }) => name);
  return firstLine(entry, { isPacked: isPacked !== undefined, delimiter: isTabs === undefined ? "," : "\t" });
}

async function firstLine(
  entry: PackageEntry,
  { isPacked, delimiter }: { readonly isPacked: boolean; readonly delimiter: string },
): Promise<readonly string[]> {
  const { parse } = await import("csv-parse/sync");
  const bytes = await headOf(entry, HEAD_BYTES);
  const text = new TextDecoder().decode(isPacked ? await unpackedHead(bytes) : bytes);
  const [names = []] = parse(text, { delimiter, bom: true, to: 1, relax_column_count: true, skip_empty_lines: true });
  return names;
}

/** The beginning of what the beginning of a file unpacks to. */
async function unpackedHead(packed: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // What the end of the part cuts is no error.
  const unpacked = Readable.from([packed]).pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }));
  for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks);
}
