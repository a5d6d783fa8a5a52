import { T4Error } from "../base/errors.js";
import type { RangeReader } from "./range-reader.js";

/** Bytes read at once. */
const READ_BYTES = 1 << 20;
/** Longest line that is accepted; Quilt's own writers stop at 1,000,000 bytes. */
export const MAX_LINE_BYTES = 16 << 20;
/** What ends a line. */
export const NEWLINE = 0x0a;

/** Some whole lines of a file; but perhaps the file's last, each ends in a line feed. */
export interface LineChunk {
  /** The lines; they may be overwritten when the next chunk is asked for. */
  readonly bytes: Uint8Array;
  /** Where the chunk starts in the file, bytes. */
  readonly offset: number;
}

/**
 * Reads a file as chunks of whole lines of about 1 MiB.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for a line above 16 MiB.
 */
export function* readLineChunks(reader: RangeReader): Generator<LineChunk, void, undefined> {
  const { size } = reader;
  let want = READ_BYTES;
  for (let offset = 0; offset < size; ) {
    const bytes = reader.read(offset, Math.min(want, size - offset));
    const isLast = offset + bytes.length >= size || bytes.length === 0;
    const length = isLast ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (length === 0) {
      if (isLast) return;
      if (want >= MAX_LINE_BYTES) throw tooLong(offset);
      want *= 4;
      continue;
    }
    yield { bytes: bytes.subarray(0, length), offset };
    offset += length;
    want = READ_BYTES;
  }
}

/** What to do about a file that does not read as a manifest. */
export const MANIFEST_HINT = "Check that it is a manifest, as T4 and Quilt write them; if it is one, it was damaged.";

function tooLong(offset: number): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `Invalid manifest: the line at byte ${offset} is longer than ${MAX_LINE_BYTES} bytes.`,
    { hint: MANIFEST_HINT },
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A line's text.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is no valid UTF-8.
 */
export function lineText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new T4Error("ERR_T4_FORMAT", "Invalid manifest line: it is no valid UTF-8.", { hint: MANIFEST_HINT, cause });
  }
}

/** The text of plain bytes. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Where the line at `start` ends: its line feed, or the end of the bytes. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline === -1 ? bytes.length : newline;
}

/** Where the next line starts if the one at `start` holds nothing but blanks; else −1. */
export function blankLineEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === NEWLINE) return at + 1;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return -1;
  }
  return bytes.length;
}
