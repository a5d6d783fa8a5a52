import type { PreviewFile } from "./previews.js";
import { readBytes } from "./read-bytes.js";

/** Files are read in pieces of this size as the reader scrolls; the server verifies those that have but one. */
const PIECE_BYTES = 1 << 20;
/** Pieces that are read for one line: whoever has seen so much of it wants no more. */
const MOST_PIECES = 8;

/** The lines of a file, as far as it was read. */
export interface LineReader {
  readonly lines: readonly string[];
  readonly bytesRead: number;
  readonly isAtEnd: boolean;
  /** Reads on until there are more lines, or much of a very long one; does nothing at the end or while it reads. */
  more(signal: AbortSignal): Promise<void>;
}

/** Reads a text file of any size line by line. */
export function createLineReader(file: Pick<PreviewFile, "raw" | "size">): LineReader {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: false });
  const lines: string[] = [""];
  let bytesRead = 0;
  let isAtEnd = false;
  let isBusy = false;
  const take = (text: string): void => {
    const [first = "", ...rest] = text.split(/\r?\n/);
    lines[lines.length - 1] += first;
    for (const line of rest) lines.push(line);
  };
  const readPiece = async (signal: AbortSignal): Promise<void> => {
    const bytes = await readBytes(file, { start: bytesRead, end: bytesRead + PIECE_BYTES, signal });
    bytesRead += bytes.length;
    // The size may not be known.
    isAtEnd = bytes.length < PIECE_BYTES || bytesRead === file.size;
    take(decoder.decode(bytes, { stream: !isAtEnd }));
    // What ends in a line's end has no further line.
    if (isAtEnd && lines.length > 1 && lines.at(-1) === "") lines.pop();
  };
  return {
    lines,
    get bytesRead() {
      return bytesRead;
    },
    get isAtEnd() {
      return isAtEnd;
    },
    async more(signal) {
      if (isAtEnd || isBusy) return;
      isBusy = true;
      try {
        const before = lines.length;
        for (let pieces = 0; pieces < MOST_PIECES && lines.length === before; pieces++) {
          await readPiece(signal);
          if (isAtEnd) break;
        }
      } finally {
        isBusy = false;
      }
    },
  };
}
