import type { RangeReader } from "./range-reader.js";

/** Reads from bytes in memory. */
export function memoryReader(bytes: Uint8Array): RangeReader {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => undefined,
  };
}
