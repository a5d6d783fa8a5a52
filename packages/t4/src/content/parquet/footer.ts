import type { AsyncBuffer, FileMetaData, ParquetParsers } from "hyparquet";
import type { RandomAccess } from "../format.js";
import { parsers } from "./values.js";

/** The end of the file that is read for its footer; a longer footer takes a second read. */
const FOOTER_BYTES = 64 << 10;

/** Bounds of binary columns would be read as texts, which they need not be. */
const { stringFromBytes: _, ...OF_FOOTER } = parsers;

/** Reads what a Parquet file says of itself; `values` makes the bounds of columns, where they are not to be what rows have. */
export async function readFooter(
  access: RandomAccess,
  values: Partial<ParquetParsers> = OF_FOOTER,
): Promise<FileMetaData> {
  const { parquetMetadataAsync } = await import("hyparquet");
  return parquetMetadataAsync(bufferOf(access), {
    initialFetchSize: FOOTER_BYTES,
    geoparquet: false,
    parsers: values,
  });
}

/** A file as the library reads it. */
export function bufferOf(access: RandomAccess): AsyncBuffer {
  const { size } = access;
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = await access.read(start, Math.min(end, size));
      const { buffer, byteOffset, byteLength } = bytes;
      return byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
        ? buffer
        : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
    },
  };
}
