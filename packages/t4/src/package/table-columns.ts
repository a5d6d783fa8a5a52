import { constants, gunzipSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { isT4Error } from "../base/errors.js";
import type { PackageEntry } from "./package-entry.js";

/** A column of a table, and the TypeScript type of its cells as `deserialize` gives them. */
export interface TableColumn {
  readonly name: string;
  readonly cell: string;
}

const TABLE = /\.(csv|tsv|parquet)(\.gz)?$/i;

/** Whether a file is a table by its name. */
export function isTable(logicalKey: string): boolean {
  return TABLE.test(logicalKey);
}

/** A first line is looked for in so many bytes. */
const HEAD_BYTES = 64 << 10;
/** A wider table is data in disguise. */
const MAX_COLUMNS = 10_000;

/**
 * The columns of a CSV, TSV or Parquet file; `undefined` for any other, and for one that cannot be read as what it is called.
 * Costs a read of the first 64 KiB, or of a Parquet file's footer. The bytes are not verified: it is a part of a file.
 */
export async function tableColumns(entry: PackageEntry): Promise<readonly TableColumn[] | undefined> {
  const [, kind, packed] = TABLE.exec(entry.logicalKey) ?? [];
  if (kind === undefined) return undefined;
  const isPacked = packed !== undefined;
  try {
    const columns =
      kind.toLowerCase() === "parquet"
        ? await parquetColumns(entry, isPacked)
        : await firstLine(entry, { isPacked, delimiter: kind.toLowerCase() === "csv" ? "," : "\t" });
    return columns !== undefined && columns.length <= MAX_COLUMNS ? columns : undefined;
  } catch (error) {
    // A parser that gives up says nothing of the disk or the network.
    if (isT4Error(error) || (error instanceof Error && "syscall" in error)) throw error;
    return undefined;
  }
}

async function firstLine(
  entry: PackageEntry,
  { isPacked, delimiter }: { readonly isPacked: boolean; readonly delimiter: string },
): Promise<readonly TableColumn[] | undefined> {
  const { parse } = await import("csv-parse/sync");
  const bytes = await part(entry, 0, HEAD_BYTES);
  const head = isPacked
    ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * HEAD_BYTES })
    : bytes;
  const text = new TextDecoder("utf-8").decode(head);
  const [names = []] = parse(text, { delimiter, bom: true, to: 1, relax_column_count: true, skip_empty_lines: true });
  return names.map((name) => ({ name, cell: "string" }));
}

async function parquetColumns(entry: PackageEntry, isPacked: boolean): Promise<readonly TableColumn[] | undefined> {
  const { size } = entry;
  // The footer of a packed file is at the end of what was packed.
  if (size === undefined || isPacked) return undefined;
  const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const slice = async (start: number, end: number = size): Promise<ArrayBuffer> => {
    const bytes = await part(entry, start < 0 ? size + start : start, Math.min(end, size));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  const metadata = await parquetMetadataAsync({ byteLength: size, slice });
  return parquetSchema(metadata).children.map(({ element, children }) => ({
    name: element.name,
    cell: children.length > 0 ? "unknown" : cellOf(element),
  }));
}

function cellOf(element: SchemaElement): string {
  if (element.repetition_type === "REPEATED") return "unknown[]";
  const cell = valueOf(element);
  return element.repetition_type === "REQUIRED" ? cell : `${cell} | null`;
}

/** What the Parquet reader makes of a column: by its logical type, else by its converted type, else by its physical type. */
const BY_LOGICAL: Readonly<Record<string, string>> = {
  TIMESTAMP: "Date",
  DATE: "Date",
  UUID: "string",
  STRING: "string",
  DECIMAL: "number",
};
const BY_CONVERTED: Readonly<Record<string, string>> = {
  DECIMAL: "number",
  DATE: "Date",
  TIMESTAMP_MILLIS: "Date",
  TIMESTAMP_MICROS: "Date",
  UTF8: "string",
  JSON: "unknown",
};
const BY_PHYSICAL: Readonly<Record<string, string>> = {
  BOOLEAN: "boolean",
  INT32: "number",
  INT64: "bigint",
  INT96: "Date",
  FLOAT: "number",
  DOUBLE: "number",
  BYTE_ARRAY: "string",
};

function valueOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  const physical = BY_CONVERTED[converted ?? ""] ?? BY_PHYSICAL[type ?? ""] ?? "unknown";
  if (logical === undefined || logical.type === "INTEGER") return physical;
  return BY_LOGICAL[logical.type] ?? "unknown";
}

async function part(entry: PackageEntry, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.stream({ start, end, verify: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
