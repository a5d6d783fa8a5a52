import { T4Error } from "../base/errors.js";
import type { RangeReader } from "./range-reader.js";

/** Bytes read at once. */
const READ_BYTES = 1 << 20;
/** Longest line that is accepted; Quilt's own writers stop at 1,000,000 bytes. */
const MAX_LINE_BYTES = 16 << 20;
const NEWLINE = 0x0a;

/** Some whole lines of a file as one text. */
export interface LineChunk {
  /** Lines, each but perhaps the file's last ending in `\n`. */
  readonly text: string;
  /** Where the chunk starts in the file, bytes. */
  readonly offset: number;
  /** Length in bytes; equal to `text.length` iff the text is ASCII. */
  readonly byteLength: number;
  /** The bytes; they may be overwritten when the next chunk is read. */
  readonly bytes: Uint8Array;
}

/**
 * Reads `[start, end)` of a file as chunks of whole lines of about 1 MiB.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for invalid UTF-8 and for a line above 16 MiB.
 */
export function* readLineChunks(
  reader: RangeReader,
  start = 0,
  end: number = reader.size,
): Generator<LineChunk, void, undefined> {
  let offset = start;
  let want = READ_BYTES;
  while (offset < end) {
    const bytes = reader.read(offset, Math.min(want, end - offset));
    const isLast = offset + bytes.length >= end || bytes.length === 0;
    const length = isLast ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (length === 0) {
      if (isLast) return;
      if (want >= MAX_LINE_BYTES) {
        throw new T4Error(
          "ERR_T4_FORMAT",
          `Invalid manifest: the line at byte ${offset} is longer than ${MAX_LINE_BYTES} bytes.`,
        );
      }
      want *= 4;
      continue;
    }
    const lines = bytes.subarray(0, length);
    yield { text: decode(lines, offset), offset, byteLength: length, bytes: lines };
    offset += length;
    want = READ_BYTES;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, offset: number): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new T4Error(
      "ERR_T4_FORMAT",
      `Invalid manifest: no valid UTF-8 within ${bytes.length} bytes from byte ${offset}.`,
      { cause },
    );
  }
}

/** Bytes of UTF-8 that a well-formed text takes. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair is four bytes in two units; each half counts two.
    if (unit >= 0x80) length += unit >= 0xd800 && unit <= 0xdfff ? 1 : unit >= 0x800 ? 2 : 1;
  }
  return length;
}
