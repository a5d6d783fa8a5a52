import type { DataReader } from "hyparquet";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { readVarInt } from "hyparquet/src/thrift.js";

/** Levels of a column, as its schema has them. */
export interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/** What a page says of its values. */
export interface PageValues {
  readonly encoding: string;
  readonly isBoolean: boolean;
  /** Nulls included. */
  readonly count: number;
  /** Of those; `undefined` in pages of the first version, whose levels tell. */
  readonly nulls: number | undefined;
}

/** Packed values come by eights, in some files by more; what is too many of the last ones counts for nothing. */
const MOST_PADDING = 512;
/** Values of a page together, where each begins with a part of the one before. */
const MOST_OF_TEXT_BYTES = 64 << 20;

/**
 * Checks a page of the first version, unpacked: its runs are as long as the page says, or the library would write beyond its arrays,
 * which grow.
 */
export function checkFirstPage(bytes: Uint8Array, { repetition, definition }: Levels, values: PageValues): void {
  const reader = readerOf(bytes);
  if (repetition > 0) checkSizedRuns(reader, repetition, values.count);
  const start = reader.offset;
  if (definition > 0) checkSizedRuns(reader, definition, values.count);
  const count = (): number =>
    definition === 0 ? values.count : countOf({ view: reader.view, offset: start }, definition, values.count);
  if (values.encoding === "DELTA_BYTE_ARRAY") checkTexts(reader, count());
  else if (!isIndexed(values.encoding) && values.encoding !== "RLE") return;
  else if (values.isBoolean) checkSizedRuns(reader, 1, count());
  else checkIndexes(reader, count(), { isNoWidthNoRuns: true });
}

function isIndexed(encoding: string): boolean {
  return encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY";
}

/** Checks the levels of a page of the second version, which are never packed. */
export function checkLevels(bytes: Uint8Array, levels: Levels, { count, at }: { count: number; at: number }): void {
  if (levels.repetition > 0) checkRuns(readerOf(bytes), widthOf(levels.repetition), count);
  if (levels.definition > 0) checkRuns({ view: readerOf(bytes).view, offset: at }, widthOf(levels.definition), count);
}

/** Checks what comes after the levels of a page of the second version, unpacked. */
export function checkSecondValues(bytes: Uint8Array, { encoding, count: all, nulls = 0 }: PageValues): void {
  const reader = readerOf(bytes);
  const count = all - nulls;
  if (encoding === "RLE") checkSizedRuns(reader, 1, count);
  else if (encoding === "DELTA_BYTE_ARRAY") checkTexts(reader, count);
  else if (isIndexed(encoding)) checkIndexes(reader, count, { isNoWidthNoRuns: false });
}

/** Places in a dictionary: their width, and runs. The library reads no runs where the width is nothing, or does, by the version. */
function checkIndexes(reader: DataReader, count: number, { isNoWidthNoRuns }: { isNoWidthNoRuns: boolean }): void {
  if (count === 0) return;
  const width = reader.view.getUint8(reader.offset++);
  if (width > 0 || !isNoWidthNoRuns) checkRuns(reader, width, count);
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

/** Bits of a level. */
function widthOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** Runs with their length before them. */
function checkSizedRuns(reader: DataReader, most: number, count: number): void {
  const length = reader.view.getUint32(reader.offset, true);
  const start = reader.offset + 4;
  checkRuns({ view: reader.view, offset: start }, widthOf(most), count);
  reader.offset = start + length;
}

function checkRuns(reader: DataReader, width: number, count: number): void {
  for (let seen = 0; seen < count; ) {
    const header = readVarInt(reader);
    const isPacked = (header & 1) === 1;
    const length = isPacked ? (header >>> 1) * 8 : header >>> 1;
    if (seen + length > count + (isPacked ? MOST_PADDING : 0))
      throw new Error("a page has runs of more values than it says");
    reader.offset += isPacked ? (header >>> 1) * width : Math.ceil(width / 8);
    seen += length;
  }
}

/** Values that are there, by the levels, whose runs are checked. */
function countOf(reader: DataReader, definition: number, count: number): number {
  const levels = new Uint8Array(count);
  readRleBitPackedHybrid(reader, widthOf(definition), levels);
  let present = 0;
  for (const level of levels) if (level === definition) present++;
  return present;
}

/** Each text is made of the start of the one before and its own end: a few bytes can stand for any length. */
function checkTexts(reader: DataReader, count: number): void {
  let total = 0;
  const { view } = reader;
  const place = { view, offset: reader.offset };
  for (let part = 0; part < 2; part++) {
    const lengths = new Int32Array(count);
    deltaBinaryUnpack(place, count, lengths);
    for (const length of lengths) {
      if (length < 0) throw new Error("a text of a page has a negative length");
      total += length;
    }
  }
  if (total > MOST_OF_TEXT_BYTES)
    throw new Error(`the texts of a page have ${total} bytes, more than ${MOST_OF_TEXT_BYTES}`);
}
