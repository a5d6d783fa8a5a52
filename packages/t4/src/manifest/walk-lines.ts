import { T4Error } from "../base/errors.js";
import type { Header } from "../format/header.js";
import { type ManifestLine, parseHeaderLine, parseManifestLine } from "../format/manifest-line.js";
import { CommonRow } from "./common-row.js";
import { blankLineEnd, lineEnd, lineText, MANIFEST_HINT, readLineChunks } from "./line-reader.js";
import { type ViewedBytes, viewed } from "./plain-bytes.js";
import type { RangeReader } from "./range-reader.js";

/** Sees the lines of a manifest in their order. Places are in the chunk of which the line is a part. */
export interface LineVisitor {
  /** Whole lines that come now; the bytes are at `offset` in the file, and stay as they are until `chunkEnd`. */
  chunk(text: ViewedBytes, offset: number): void;
  /** The first line. */
  header(header: Header): void;
  /** An entry in the common shape, line end included; `false` stops. */
  row(row: CommonRow, start: number, end: number): boolean;
  /** Any other line, without line end; `false` stops. */
  line(line: ManifestLine, start: number, end: number): boolean;
  /** All lines of the chunk were seen. */
  chunkEnd(): void;
}

/**
 * Shows every line after the header: rows of the common shape as they are, all others parsed. Tells whether the end was
 * reached. Without `hasHeader`, there are rows from the first line on.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` with the line number when the file is no manifest.
 */
export function walkLines(reader: RangeReader, visitor: LineVisitor, { hasHeader }: { hasHeader: boolean }): boolean {
  const state = { line: hasHeader ? 0 : 1, blankLine: 0, row: new CommonRow(), visitor };
  for (const { bytes, offset } of readLineChunks(reader)) {
    const text = viewed(bytes);
    visitor.chunk(text, offset);
    if (!walkChunk(state, text)) return false;
    visitor.chunkEnd();
  }
  if (state.line === 0 || state.blankLine === 1) {
    throw new T4Error("ERR_T4_FORMAT", "Invalid manifest: the file is empty.", { hint: MANIFEST_HINT });
  }
  return true;
}

interface Walk {
  /** Number of the last line seen. */
  line: number;
  /** Number of the first blank line. */
  blankLine: number;
  readonly row: CommonRow;
  readonly visitor: LineVisitor;
}

function walkChunk(state: Walk, text: ViewedBytes): boolean {
  const { row, visitor } = state;
  const { bytes } = text;
  for (let start = 0; start < bytes.length; ) {
    state.line++;
    const next = state.blankLine === 0 && state.line > 1 ? row.scan(text, start) : -1;
    if (next !== -1) {
      if (!visitor.row(row, start, next)) return false;
      start = next;
      continue;
    }
    const blankEnd = blankLineEnd(bytes, start);
    if (blankEnd !== -1) {
      state.blankLine ||= state.line;
      start = blankEnd;
      continue;
    }
    // Blank lines at the end do no harm; elsewhere the file is damaged.
    if (state.blankLine > 0)
      throw new T4Error("ERR_T4_FORMAT", `Invalid manifest: line ${state.blankLine} is blank.`, {
        hint: MANIFEST_HINT,
      });
    const end = lineEnd(bytes, start);
    const line = bytes.subarray(start, end);
    if (state.line === 1) visitor.header(parsed(line, 1, parseHeaderLine));
    else if (!visitor.line(parsed(line, state.line, parseManifestLine), start, end)) return false;
    start = end + 1;
  }
  return true;
}

/** Reads a line, and says its number where it is none. */
function parsed<Line>(bytes: Uint8Array, line: number, parse: (text: string) => Line): Line {
  try {
    return parse(lineText(bytes));
  } catch (cause) {
    if (!(cause instanceof T4Error)) throw cause;
    throw new T4Error("ERR_T4_FORMAT", `Line ${line} of the manifest: ${cause.message}`, {
      hint: MANIFEST_HINT,
      cause,
    });
  }
}
