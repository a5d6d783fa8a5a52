import type { Field, RecordBatch, RecordBatchReader } from "apache-arrow";
import { arrowTypeName } from "../arrow/types.js";
import { arrowValue } from "../arrow/values.js";
import { batchRows } from "../batches.js";
import type { Column, FormatFile, FormatOptions, RandomAccess, Row, Table, Wanted } from "../format.js";
import { orClose } from "../or-close.js";
import { distinctNames, namesOf, rowMaker } from "../row.js";
import { badTable, requireWidth } from "../table-error.js";
import { loadZstd, PIECE_BYTES } from "../zstd.js";

/** Arrow IPC, files (also called Feather 2) and streams: read batch by batch. */
export const arrow: FormatOptions = { extensions: [".arrow", ".arrows", ".feather", ".ipc"], table: openArrow };

/** Most that the packed buffers of a record batch may become. */
const MOST_OF_BATCH_BYTES = 224 << 20;

async function openArrow(file: FormatFile): Promise<Table> {
  await registerCodecs();
  const { RecordBatchReader: Reader } = await import("apache-arrow");
  const access = await file.random();
  const magic = Buffer.from(await access.read(0, Math.min(6, access.size))).toString("latin1");
  if (magic.startsWith("FEA1"))
    throw badTable(file.path, "it is Feather 1, which is read no more; write it as Feather 2");
  const source = magic === "ARROW1" ? handleOf(access) : file.stream();
  const reader = (await Reader.from(source as AsyncIterable<Uint8Array>)) as RecordBatchReader;
  await reader.open();
  const close = async (): Promise<void> => reader.cancel();
  const columns = await orClose(close, async () => columnsOf(file.path, reader.schema.fields));
  return { columns, rows: (wanted) => readBatches(reader, namesOf(columns), wanted), close };
}

function columnsOf(path: string, fields: readonly Field[]): Column[] {
  requireWidth(path, fields.length);
  const names = distinctNames(fields.map(({ name }) => name));
  return fields.map((field, i) => ({ name: names[i] ?? "", type: arrowTypeName(field.type) }));
}

async function* readBatches(
  reader: RecordBatchReader,
  names: readonly string[],
  { columns }: Wanted,
): AsyncGenerator<readonly Row[], void, undefined> {
  const places = names.flatMap((name, i) => (columns?.includes(name) === false ? [] : [i]));
  const step = batchRows(places.length);
  const make = rowMaker(places.map((i) => names[i] ?? ""));
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    const vectors = places.map((i) => batch.getChildAt(i));
    for (let start = 0; start < batch.numRows; start += step) {
      const length = Math.min(step, batch.numRows - start);
      yield Array.from({ length }, (_, i) => make(vectors.map((vector) => arrowValue(vector, start + i))));
    }
  }
}

/** What the library takes for an open file. */
function handleOf({ size, read }: RandomAccess): unknown {
  return {
    fd: -1,
    stat: () => Promise.resolve({ size }),
    async read(...[buffer, offset, length, position]: readonly [Uint8Array, number, number, number]) {
      const bytes = await read(position, Math.min(size, position + length));
      buffer.set(bytes, offset);
      return { bytesRead: bytes.length, buffer };
    },
    close: () => Promise.resolve(),
  };
}

let unpacked = 0;

/** The library keeps codecs for the whole process: what they throw names no file, and whoever reads one adds it. */
function take(size: number): void {
  // All buffers of a batch are unpacked in one go.
  if (unpacked === 0) queueMicrotask(() => void (unpacked = 0));
  unpacked += size;
  if (unpacked > MOST_OF_BATCH_BYTES)
    throw new Error(`a record batch unpacks to more than ${MOST_OF_BATCH_BYTES} bytes`);
}

/** The library leaves packing to others. */
async function registerCodecs(): Promise<void> {
  const [{ compressionRegistry, CompressionType }, unpackerOf, lz4] = await Promise.all([
    import("apache-arrow"),
    loadZstd(),
    import("lz4js"),
  ]);
  compressionRegistry.set(CompressionType.ZSTD, {
    decode(packed) {
      const parts: Uint8Array[] = [];
      const unpack = unpackerOf({
        onPart(part) {
          take(part.length);
          parts.push(part);
        },
        tooLarge: (windowBytes) => new Error(`it asks for a window of ${windowBytes} bytes`),
      });
      for (let at = 0; at < packed.length; at += PIECE_BYTES)
        unpack(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
      return joined(parts);
    },
  });
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode(packed) {
      const size = lz4.decompressBound(packed);
      take(size);
      return lz4.decompress(packed, size);
    },
  });
}

/** In memory of its own, aligned as the numbers in it need it. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
