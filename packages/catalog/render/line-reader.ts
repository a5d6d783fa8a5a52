import type { PreviewFile } from "./previews.js";
import { readBytes, readWhole } from "./read-bytes.js";

/** Files up to this size are read at once, and verified by the server. */
const WHOLE_BYTES = 1 << 20;
/** Longer ones are read in pieces of this size as the reader scrolls. */
const PIECE_BYTES = 1 << 20;

/** The lines of a file, as far as it was read. */
export interface LineReader {
  readonly lines: readonly string[];
  readonly bytesRead: number;
  readonly isAtEnd: boolean;
  /** Reads on; does nothing at the end or while it reads. */
  more(signal: AbortSignal): Promise<void>;
}

/** Reads a text file of any size line by line. */
export function createLineReader(file: PreviewFile): LineReader {
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
  const read = async (signal: AbortSignal): Promise<Uint8Array> => {
    if (file.size <= WHOLE_BYTES) return readWhole(file, signal);
    return readBytes(file, { start: bytesRead, end: Math.min(file.size, bytesRead + PIECE_BYTES), signal });
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
        const bytes = await read(signal);
        bytesRead += bytes.length;
        isAtEnd = bytesRead >= file.size || bytes.length === 0;
        take(decoder.decode(bytes, { stream: !isAtEnd }));
        // What ends in a line's end has no further line.
        if (isAtEnd && lines.length > 1 && lines.at(-1) === "") lines.pop();
      } finally {
        isBusy = false;
      }
    },
  };
}
