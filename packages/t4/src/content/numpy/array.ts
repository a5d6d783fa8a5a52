import { type ByteReader, createByteReader } from "../byte-reader.js";
import { orClose } from "../or-close.js";
import { arrayOf, type Descr, type DType, dtypeOf, headerText } from "./dtype.js";

/** An array of a `.npy` file, item by item along its first axis. */
export interface NumpyArray {
  /** Items. */
  readonly length: number;
  /** What an item is: an element, a record, or a list of them. */
  readonly item: DType;
  /** The axes of an item. */
  readonly shape: readonly number[];
  /** Reads the items in batches; asked once. */
  items(): AsyncGenerator<readonly unknown[], void, undefined>;
  close(): Promise<void>;
}

const MAGIC = "\u0093NUMPY";
const MOST_OF_HEADER = 1 << 20;
/** Larger items are no rows. */
const MOST_OF_ITEM = 64 << 20;
const MOST_ELEMENTS = 1 << 20;
/** More items that take no bytes are no data: nothing in the file says that they are there. */
const MOST_EMPTY = 1 << 20;
const BATCH_BYTES = 64 << 10;

/** Opens an array that comes as a stream. */
export function openArray(chunks: AsyncIterable<Uint8Array>): Promise<NumpyArray> {
  const reader = createByteReader(chunks);
  return orClose(
    () => reader.close(),
    () => arrayIn(reader),
  );
}

async function arrayIn(reader: ByteReader): Promise<NumpyArray> {
  const { descr, fortran_order: isFortran, shape } = await readHeader(reader);
  const [length = 1, ...rest] = shape;
  if (isFortran && rest.some((count) => count > 1) && length > 1)
    throw new Error(
      "its columns stand one after the other (Fortran order), so that no row can be read: save it in C order",
    );
  const item = arrayOf(dtypeOf(descr), rest);
  if (!(item.values <= MOST_ELEMENTS))
    throw new Error(`a row of it has ${item.values} values, more than ${MOST_ELEMENTS}`);
  if (item.size === 0 && length > MOST_EMPTY)
    throw new Error(`it has ${length} rows of no bytes, more than ${MOST_EMPTY}`);
  if (!(item.size <= MOST_OF_ITEM)) throw new Error(`a row of it has ${item.size} bytes, more than ${MOST_OF_ITEM}`);
  return {
    length,
    item,
    shape: rest,
    async *items() {
      const most = Math.max(1, Math.floor(BATCH_BYTES / Math.max(1, item.size)));
      for (let left = length; left > 0; ) {
        const count = Math.min(most, left);
        const bytes = await reader.take(count * item.size);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        yield Array.from({ length: count }, (_, i) => item.read(view, i * item.size));
        left -= count;
      }
    },
    close: () => reader.close(),
  };
}

interface Header {
  readonly descr: Descr;
  readonly fortran_order: boolean;
  readonly shape: readonly number[];
}

async function readHeader(reader: ByteReader): Promise<Header> {
  const start = await reader.take(8);
  if (Buffer.from(start.subarray(0, 6)).toString("latin1") !== MAGIC) throw new Error("it is no .npy file");
  const isLong = (start[6] ?? 1) > 1;
  const bytes = await reader.take(isLong ? 4 : 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = isLong ? view.getUint32(0, true) : view.getUint16(0, true);
  if (length > MOST_OF_HEADER) throw new Error(`its header has ${length} bytes, more than ${MOST_OF_HEADER}`);
  return parseHeader(headerText(await reader.take(length)));
}

/** A dictionary of Python with texts, numbers, tuples and lists alone. */
function parseHeader(text: string): Header {
  const json = text
    .replace(/'((?:[^'"\\]|\\\\)*)'/g, '"$1"')
    .replace(/\(/g, "[")
    .replace(/\)/g, "]")
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/,(\s*[\]}])/g, "$1");
  const header = JSON.parse(json) as Header;
  const isShape =
    Array.isArray(header.shape) && header.shape.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!isShape || header.descr === undefined) throw new Error("its header says neither type nor shape");
  return header;
}
