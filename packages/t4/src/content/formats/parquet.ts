import type { AsyncBuffer, FileMetaData, RowGroup } from "hyparquet";
import { batchRows } from "../batches.js";
import type { FormatFile, FormatOptions, RandomAccess, Row, Table, Wanted } from "../format.js";
import { bufferOf, readFooter } from "../parquet/footer.js";
import { mayMatch } from "../parquet/row-groups.js";
import { type ParquetColumn, parquetColumns, rawSchema } from "../parquet/schema.js";
import { parsers } from "../parquet/values.js";
import { namesOf, rowMaker } from "../row.js";
import { badTable, requireWidth } from "../table-error.js";

/** Apache Parquet: only the footer and the parts of row groups that are asked for are read. */
export const parquet = { extensions: [".parquet", ".pq"], table: openParquet } satisfies FormatOptions;

/** Cells that are decoded at once: a larger row group is decoded in several passes, so that it need not fit in memory. */
const CELLS_AT_ONCE = 1 << 23;

async function openParquet(file: Pick<FormatFile, "path" | "random">): Promise<Table> {
  const access = await file.random();
  const metadata = await readFooter(access);
  requireWidth(file.path, metadata.schema.length);
  const columns = parquetColumns(metadata);
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rowCount: Number(metadata.num_rows),
    rows: (wanted) => readGroups({ path: file.path, access, metadata, columns }, wanted),
  };
}

interface OpenFile {
  readonly path: string;
  readonly access: RandomAccess;
  readonly metadata: FileMetaData;
  readonly columns: readonly ParquetColumn[];
}

async function* readGroups(file: OpenFile, wanted: Wanted): AsyncGenerator<readonly Row[], void, undefined> {
  const { metadata } = file;
  const columns = file.columns.filter(({ name }) => wanted.columns?.includes(name) !== false);
  let start = 0;
  let left = wanted.limit ?? Number.POSITIVE_INFINITY;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    if (mayMatch(group, wanted.filter)) {
      yield* readGroup(file, columns, { group, start, end: start + Math.min(count, left) });
      left -= count;
    }
    start += count;
    if (left <= 0) return;
  }
}

interface Span {
  readonly group: RowGroup;
  readonly start: number;
  readonly end: number;
}

/** The rows of one row group; its bytes are read once. */
async function* readGroup(
  { access, metadata, path }: OpenFile,
  columns: readonly ParquetColumn[],
  { group, start, end }: Span,
): AsyncGenerator<readonly Row[], void, undefined> {
  const [{ parquetRead }, { compressors: unpackers }, { guardGroup }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
    import("../parquet/guarded-group.js"),
  ]);
  const names = namesOf(columns);
  const raw = { ...metadata, schema: rawSchema(metadata.schema) };
  const guarded = guardGroup(raw, group, { file: bufferOf(access), unpackers, columns: names });
  const options = {
    file: keepingRanges(guarded.file),
    metadata: guarded.metadata,
    columns: names,
    compressors: guarded.compressors,
    parsers,
    utf8: false,
    useOffsetIndex: true,
  };
  const step = Math.min(guarded.rowsAtOnce, Math.max(1, Math.floor(CELLS_AT_ONCE / Math.max(1, columns.length))));
  const few = batchRows(columns.length);
  for (let rowStart = start; rowStart < end; rowStart += step) {
    const rowEnd = Math.min(end, rowStart + step);
    const pieces = createPieces(path, columns);
    guarded.begin();
    await parquetRead({ ...options, rowStart, rowEnd, onChunk: (piece) => pieces.add(piece) });
    for (let at = rowStart; at < rowEnd; at += few) yield pieces.rows(at, Math.min(rowEnd, at + few));
  }
}

/** A part of a column, from a row of the file on. */
interface Piece {
  readonly columnName: string;
  readonly columnData: ArrayLike<unknown>;
  readonly rowStart: number;
}

interface Pieces {
  add(piece: Piece): void;
  /** Rows from `start` to before `end`; asked in order. */
  rows(start: number, end: number): readonly Row[];
}

/** Puts parts of columns side by side. */
function createPieces(path: string, columns: readonly ParquetColumn[]): Pieces {
  const all = new Map(columns.map(({ name }) => [name, [] as Piece[]]));
  const make = rowMaker(namesOf(columns));
  const cellAt = (pieces: Piece[], row: number): unknown => {
    // What lies before was given out.
    while (pieces[0] !== undefined && row >= pieces[0].rowStart + pieces[0].columnData.length) pieces.shift();
    const [piece] = pieces;
    if (piece === undefined || row < piece.rowStart) throw badTable(path, "a row group has fewer rows than it says");
    return piece.columnData[row - piece.rowStart];
  };
  return {
    add: (piece) => void all.get(piece.columnName)?.push(piece),
    rows(start, end) {
      const rows = Array.from({ length: end - start }, (): unknown[] => []);
      for (const { name, convert } of columns) {
        const pieces = all.get(name) ?? [];
        for (const [i, cells] of rows.entries()) cells.push(convert(cellAt(pieces, start + i)));
      }
      return rows.map(make);
    },
  };
}

/** Each slice of a row group asks for the same ranges. */
function keepingRanges(buffer: AsyncBuffer): AsyncBuffer {
  const kept = new Map<string, Promise<ArrayBuffer>>();
  return {
    byteLength: buffer.byteLength,
    slice(start, end) {
      const range = `${start}-${end}`;
      const known = kept.get(range) ?? Promise.resolve(buffer.slice(start, end));
      kept.set(range, known);
      return known;
    },
  };
}
