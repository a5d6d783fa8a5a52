import {
  type AsyncBuffer,
  type CompressionCodec,
  type Compressors,
  type DataReader,
  type FileMetaData,
  type PageHeader,
  parquetSchema,
  type RowGroup,
} from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath } from "hyparquet/src/schema.js";
import { checkFirstPage, checkLevels, checkSecondValues, type Levels, type PageValues } from "./page-values.js";

/** Larger pages do no writer's work. */
const MOST_OF_PAGE_BYTES = 256 << 20;
/** Values that have to be in memory at once: of each column its largest page, or all where lists have to be put together. */
const MOST_VALUES = 1 << 24;

/** What a read of some rows may unpack, and what it should: a group of more is read in several goes. */
const MOST_OF_READ_BYTES = 256 << 20;
const READ_BYTES = 64 << 20;

/** One row group for the library, which believes what pages say: with these, each page is checked before it is decoded. */
export interface GuardedGroup {
  readonly metadata: FileMetaData;
  readonly file: AsyncBuffer;
  readonly compressors: Compressors;
  /** Rows that are read at once, so that what they unpack to fits in memory. */
  readonly rowsAtOnce: number;
  /** Called before each read. */
  begin(): void;
}

/** A column chunk: where its bytes are, and what is known of it. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: CompressionCodec;
  readonly levels: Levels;
  readonly isBoolean: boolean;
  /** Values of the largest page that was seen, or of all pages of a list that were read together. */
  values: number;
}

/** What a guard stands between. */
export interface GuardOptions {
  readonly file: AsyncBuffer;
  readonly unpackers: Compressors;
  /** The columns that are read. */
  readonly columns: readonly string[];
}

/** Guards the row group that a read is about; the file's other groups are left as they are. */
export function guardGroup(
  metadata: FileMetaData,
  group: RowGroup,
  { file, unpackers, columns: wanted }: GuardOptions,
): GuardedGroup {
  const tree = parquetSchema(metadata);
  const chunks: Chunk[] = [];
  let read = 0;
  const compressors: Record<string, NonNullable<Compressors[CompressionCodec]>> = {};
  const columns = group.columns.map((column, i) => {
    const data = column.meta_data;
    if (data === undefined) return column;
    const path = getTreePath(tree, data.path_in_schema);
    const first = Number(data.dictionary_page_offset || data.data_page_offset);
    const chunk = {
      start: first,
      end: first + Number(data.total_compressed_size),
      codec: data.codec,
      levels: { repetition: getMaxRepetitionLevel(path), definition: getMaxDefinitionLevel(path) },
      isBoolean: data.type === "BOOLEAN",
      values: 0,
    };
    chunks.push(chunk);
    // A codec of its own, so that pages of each column come through here, those that are not packed, too.
    const codec = `${i} ${data.codec}` as CompressionCodec;
    compressors[codec] = (input, size) => {
      read += size;
      if (read > MOST_OF_READ_BYTES)
        throw new Error(`some rows unpack to more than ${MOST_OF_READ_BYTES} bytes; ask for fewer columns`);
      return unpackChecked(chunk, { input, size, unpackers });
    };
    return { ...column, meta_data: { ...data, codec } };
  });
  const guarded = { ...group, columns };
  return {
    metadata: { ...metadata, row_groups: metadata.row_groups.map((each) => (each === group ? guarded : each)) },
    compressors,
    rowsAtOnce: rowsAtOnce(group, wanted),
    begin() {
      read = 0;
    },
    file: {
      byteLength: file.byteLength,
      async slice(start, end = file.byteLength) {
        const bytes = await file.slice(start, end);
        for (const chunk of chunks) checkChunk(chunk, { bytes: new Uint8Array(bytes), start });
        if (chunks.reduce((sum, { values }) => sum + values, 0) > MOST_VALUES)
          throw new Error(`more than ${MOST_VALUES} values have to be decoded at once; ask for fewer columns`);
        return bytes;
      },
    },
  };
}

/** Checks the pages of a chunk that begin in some bytes of the file: of one that begins there or before, all that follow. */
function checkChunk(chunk: Chunk, { bytes, start }: { readonly bytes: Uint8Array; readonly start: number }): void {
  const from = Math.max(chunk.start, start);
  if (from >= Math.min(chunk.end, start + bytes.length)) return;
  let all = 0;
  let most = 0;
  for (const { header, page } of pagesIn(bytes.subarray(from - start, chunk.end - start))) {
    const { count, isUnpacked, at } = factsOf(header);
    all += count;
    most = Math.max(most, count);
    if (at === undefined) continue;
    checkLevels(page, chunk.levels, { count, at: at.definition });
    if (isUnpacked) checkSecondValues(page.subarray(at.values), valuesOf(header, chunk));
  }
  chunk.values = Math.max(chunk.values, chunk.levels.repetition > 0 ? all : most);
}

/** Lists are put together of whole groups, whatever rows are read. */
function rowsAtOnce({ columns, num_rows: rows }: RowGroup, wanted: readonly string[]): number {
  const bytes = columns
    .filter(({ meta_data: data }) => wanted.includes(data?.path_in_schema[0] ?? ""))
    .reduce((sum, { meta_data: data }) => sum + Number(data?.total_uncompressed_size ?? 0), 0);
  return bytes <= READ_BYTES ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((Number(rows) * READ_BYTES) / bytes));
}

interface Page {
  readonly header: PageHeader;
  readonly page: Uint8Array;
}

/** Pages one after the other, as the library takes them. */
function* pagesIn(bytes: Uint8Array): Generator<Page, void, undefined> {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  while (reader.offset < bytes.length - 1) {
    const header = headerAt(reader);
    if (header === undefined) return;
    requireSizes(header);
    const { compressed_page_size: size } = header;
    yield { header, page: bytes.subarray(reader.offset, reader.offset + size) };
    reader.offset += size;
  }
}

/** What is no header, as may stand after the last page, the library does not read either. */
function headerAt(reader: DataReader): PageHeader | undefined {
  try {
    return parquetHeader(reader);
  } catch {
    return undefined;
  }
}

function requireSizes({ uncompressed_page_size: unpacked, compressed_page_size: packed }: PageHeader): void {
  if (!(packed >= 0 && unpacked >= 0)) throw new Error("a page has a negative size");
  if (unpacked > MOST_OF_PAGE_BYTES)
    throw new Error(`a page says that it unpacks to ${unpacked} bytes, more than ${MOST_OF_PAGE_BYTES}`);
}

interface PageFacts {
  /** Values, nulls included. */
  readonly count: number;
  /** Where levels and values begin, where the header tells. */
  readonly at: { readonly definition: number; readonly values: number } | undefined;
  readonly isUnpacked: boolean;
}

function factsOf({
  data_page_header: first,
  data_page_header_v2: second,
  dictionary_page_header: terms,
}: PageHeader): PageFacts {
  const count = second?.num_values ?? first?.num_values ?? terms?.num_values ?? 0;
  if (!(count >= 0 && count <= MOST_VALUES))
    throw new Error(`a page says that it has ${count} values, more than ${MOST_VALUES}`);
  if (second === undefined) return { count, at: undefined, isUnpacked: false };
  return { count, at: placesOf(second), isUnpacked: second.is_compressed === false };
}

function placesOf(header: NonNullable<PageHeader["data_page_header_v2"]>): NonNullable<PageFacts["at"]> {
  const { num_values: count, num_nulls: nulls } = header;
  const { repetition_levels_byte_length: definition, definition_levels_byte_length: length } = header;
  if (!(nulls >= 0 && nulls <= count && definition >= 0 && length >= 0)) throw new Error("a page has a negative size");
  return { definition, values: definition + length };
}

function valuesOf(
  { data_page_header: first, data_page_header_v2: second }: PageHeader,
  { isBoolean }: Pick<Chunk, "isBoolean">,
): PageValues {
  const { encoding = "", num_values: count = 0 } = second ?? first ?? {};
  return { encoding, isBoolean, count, nulls: second?.num_nulls };
}

/** Pages of each piece of bytes that the library decodes: it hands out parts of them. */
const headers = new WeakMap<ArrayBufferLike, ReadonlyMap<number, PageHeader>>();

function headerOf(input: Uint8Array): PageHeader {
  const known = headers.get(input.buffer) ?? new Map(placesIn(new Uint8Array(input.buffer)));
  headers.set(input.buffer, known);
  const header = known.get(input.byteOffset);
  if (header === undefined) throw new Error("a page begins where no header stands");
  return header;
}

function* placesIn(bytes: Uint8Array): Generator<readonly [number, PageHeader], void, undefined> {
  for (const { header, page } of pagesIn(bytes)) yield [page.byteOffset + (factsOf(header).at?.values ?? 0), header];
}

/** Nothing may be packed in a byte that one unpacker does not understand: the dictionary of a column of nulls, in LZ4. */
function unpack(codec: CompressionCodec, { input, size, unpackers }: Packed): Uint8Array | undefined {
  if (codec === "UNCOMPRESSED") return input;
  return size === 0 ? new Uint8Array(0) : unpackers[codec]?.(input, size);
}

interface Packed {
  readonly input: Uint8Array;
  readonly size: number;
  readonly unpackers: Compressors;
}

function unpackChecked(chunk: Chunk, { input, size, unpackers }: Packed): Uint8Array {
  const { codec, levels } = chunk;
  const header = headerOf(input);
  const bytes = unpack(codec, { input, size, unpackers });
  if (bytes === undefined) throw new Error(`it is packed by ${codec}, which nothing here unpacks`);
  if (header.type === "DATA_PAGE") checkFirstPage(bytes, levels, valuesOf(header, chunk));
  else if (header.type === "DATA_PAGE_V2") checkSecondValues(bytes, valuesOf(header, chunk));
  return bytes;
}
