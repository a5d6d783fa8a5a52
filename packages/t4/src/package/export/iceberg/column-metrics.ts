import { open } from "node:fs/promises";
import type { ColumnMetaData, FileMetaData, ParquetParsers } from "hyparquet";
import type { RandomAccess } from "../../../content/format.js";
import { readFooter } from "../../../content/parquet/footer.js";
import { readExactly } from "../../../store/file/read-exactly.js";
import type { ExportedColumn } from "../export-columns.js";
import type { DataFile, PerColumn } from "./data-manifest.js";

/** Bounds of texts are cut: what they begin with tells files apart as well. */
const MOST_CODE_POINTS = 16;
const LAST_CODE_POINT = 0x10_ff_ff;

/** Bounds as they are written: bytes, and counts of microseconds. */
const RAW = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMicroseconds: (count: bigint) => count,
} as unknown as Partial<ParquetParsers>;

/** Describes a local Parquet file that engines will find at `location`. Costs a read of its footer. */
export async function describeFile(
  path: string,
  { location, columns }: { readonly location: string; readonly columns: readonly ExportedColumn[] },
): Promise<DataFile> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const access: RandomAccess = {
      size,
      read: async (start, end) => (await readExactly(file.fd, start, end)) ?? new Uint8Array(0),
    };
    const metadata = await readFooter(access, RAW);
    return {
      content: 0,
      file_path: location,
      file_format: "PARQUET",
      partition: {},
      record_count: metadata.num_rows,
      file_size_in_bytes: BigInt(size),
      ...metricsOf(metadata, columns),
    };
  } finally {
    await file.close();
  }
}

/** The ids of the columns that have values, by their paths in a file. */
function idsByPath(columns: readonly ExportedColumn[], above = ""): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const { id, name, members } of columns) {
    if (members.length === 0) ids.set(above + name, id);
    for (const [path, member] of idsByPath(members, `${above}${name}.`)) ids.set(path, member);
  }
  return ids;
}

type Metrics = Pick<DataFile, "column_sizes" | "value_counts" | "null_value_counts" | "lower_bounds" | "upper_bounds">;

/** What the footer of a file tells of columns; of one that a row group says nothing of, nothing. */
export function metricsOf(metadata: Pick<FileMetaData, "row_groups">, exported: readonly ExportedColumn[]): Metrics {
  const ids = idsByPath(exported);
  const chunksOf = new Map<number, ColumnMetaData[]>([...ids.values()].map((id) => [id, []]));
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: chunk } of columns) {
      const id = ids.get(chunk?.path_in_schema.join(".") ?? "");
      if (chunk !== undefined && id !== undefined) chunksOf.get(id)?.push(chunk);
    }
  }
  const perColumn = <Value>(of: (chunks: readonly ColumnMetaData[]) => Value | undefined): PerColumn<Value> =>
    [...chunksOf].flatMap(([key, chunks]) => {
      const value = chunks.length === 0 ? undefined : of(chunks);
      return value === undefined ? [] : [{ key, value }];
    });
  return {
    column_sizes: perColumn((chunks) => sum(chunks.map((chunk) => chunk.total_compressed_size))),
    value_counts: perColumn((chunks) => sum(chunks.map((chunk) => chunk.num_values))),
    null_value_counts: perColumn((chunks) => sum(chunks.map(({ statistics }) => statistics?.null_count))),
    lower_bounds: perColumn((chunks) => boundOf(chunks, "min_value")),
    upper_bounds: perColumn((chunks) => boundOf(chunks, "max_value")),
  };
}

function sum(counts: readonly (bigint | undefined)[]): bigint | undefined {
  let total = 0n;
  for (const count of counts) {
    if (count === undefined) return undefined;
    total += count;
  }
  return total;
}

/** The least or greatest value of all chunks; `undefined` when one that has values does not tell its own. */
function boundOf(chunks: readonly ColumnMetaData[], which: "min_value" | "max_value"): Buffer | undefined {
  const bounds: (bigint | Uint8Array)[] = [];
  for (const { statistics, num_values } of chunks) {
    if (statistics?.null_count === num_values) continue;
    const bound = statistics?.[which];
    if (typeof bound !== "bigint" && !(bound instanceof Uint8Array)) return undefined;
    bounds.push(bound);
  }
  const sign = which === "min_value" ? 1 : -1;
  const [bound] = bounds.sort((a, b) => sign * compare(a, b));
  if (bound === undefined) return undefined;
  if (typeof bound === "bigint") return eightBytes(bound);
  return which === "min_value" ? lowerBound(bound) : upperBound(bound);
}

function compare(a: bigint | Uint8Array, b: bigint | Uint8Array): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return a < b ? -1 : 1;
}

function eightBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

/** What a text begins with is not greater. */
export function lowerBound(text: Uint8Array): Buffer {
  return Buffer.from(codePoints(text).slice(0, MOST_CODE_POINTS).join(""));
}

/** The least text of few code points that is not less than a text; `undefined`: there is none. */
export function upperBound(text: Uint8Array): Buffer | undefined {
  const points = codePoints(text);
  if (points.length <= MOST_CODE_POINTS) return Buffer.from(text);
  for (let length = MOST_CODE_POINTS; length > 0; length--) {
    const last = points[length - 1]?.codePointAt(0) ?? LAST_CODE_POINT;
    if (last === LAST_CODE_POINT) continue;
    // No text has the code points of halves of pairs.
    const next = last === 0xd7_ff ? 0xe0_00 : last + 1;
    return Buffer.from([...points.slice(0, length - 1), String.fromCodePoint(next)].join(""));
  }
  return undefined;
}

function codePoints(text: Uint8Array): string[] {
  return Array.from(Buffer.from(text).toString());
}
