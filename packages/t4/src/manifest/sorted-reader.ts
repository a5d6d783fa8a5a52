import { T4Error } from "../base/errors.js";
import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import { treeSortKey } from "../format/logical-key.js";
import type { ManifestLine } from "../format/manifest-line.js";
import type { CommonRow } from "./common-row.js";
import { createDirectoryLines } from "./directory-lines.js";
import { asciiText, NEWLINE } from "./line-reader.js";
import { type ViewedBytes, viewed } from "./plain-bytes.js";
import type { RangeReader } from "./range-reader.js";
import { type LineVisitor, walkLines } from "./walk-lines.js";

/** A manifest whose rows are in any order, with its rows as a file in tree order. */
export interface SortedManifest {
  readonly header: Header;
  readonly directories: ReadonlyMap<string, Json>;
  /** Rows only. Reading looks each row up in the file, which is slower than one in order. */
  readonly rows: RangeReader;
}

/** Keys are in memory while they are sorted: so many rows, and so many characters, are sorted. */
const MAX_ROWS = 4_000_000;
const MAX_KEY_UNITS = 128 << 20;

/**
 * Sorts the rows of a manifest by their places; the rows stay in the file. Costs about 80 bytes a row beside the keys.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is no manifest, or too large to be sorted.
 */
export function sortManifest(reader: RangeReader): SortedManifest {
  const gatherer = new RowGatherer();
  walkLines(reader, gatherer, { hasHeader: true });
  const { sortKeys } = gatherer;
  const order = Uint32Array.from({ length: sortKeys.length }, (_, i) => i).sort((a, b) => {
    const [x, y] = [sortKeys[a] as string, sortKeys[b] as string];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const { found, directories, starts, ends } = gatherer;
  return { header: found, directories: directories.directories, rows: rowsReader(reader, { order, starts, ends }) };
}

class RowGatherer implements LineVisitor {
  readonly sortKeys: string[] = [];
  /** Where the rows are in the file, without their line ends. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly directories = createDirectoryLines();
  found: Header = new Map();
  #text = viewed(new Uint8Array());
  #offset = 0;
  #units = 0;

  chunk(text: ViewedBytes, offset: number): void {
    this.#text = text;
    this.#offset = offset;
  }

  header(header: Header): void {
    this.found = header;
  }

  row({ key }: CommonRow, start: number, end: number): boolean {
    this.#add(asciiText(this.#text.bytes, key.start, key.end), start, end - 1);
    return true;
  }

  line(line: ManifestLine, start: number, end: number): boolean {
    if (line.kind === "entry") this.#add(line.entry.logicalKey, start, end);
    else if (line.kind === "directory") this.directories.add(line.path, line.meta, end - start);
    else {
      // A directory line with a key that has no slash means the root: as in Quilt 3 it replaces the package's metadata.
      this.directories.count(end - start);
      this.found = new Map(this.found).set("user_meta", line.meta);
    }
    return true;
  }

  chunkEnd(): void {
    // All that is kept of a chunk is copied.
  }

  #add(key: string, start: number, end: number): void {
    this.#units += key.length;
    if (this.sortKeys.length >= MAX_ROWS || this.#units > MAX_KEY_UNITS) throw tooLarge();
    this.sortKeys.push(treeSortKey(key));
    this.starts.push(this.#offset + start);
    this.ends.push(this.#offset + end);
  }
}

function tooLarge(): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `The rows of the manifest are in no order, and more than ${MAX_ROWS} of them, or ${MAX_KEY_UNITS} characters of keys, are not sorted.`,
    { hint: "Open it with the client that wrote it and publish it again: T4 and Quilt 3 write rows in order." },
  );
}

interface SortedPlaces {
  /** Numbers of the rows, in tree order. */
  readonly order: Uint32Array;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The rows one behind the other, each with a line end. */
function rowsReader(reader: RangeReader, { order, starts, ends }: SortedPlaces): RangeReader {
  const startOf = (index: number): number => starts[order[index] as number] as number;
  const endOf = (index: number): number => ends[order[index] as number] as number;
  const places = new Float64Array(order.length + 1);
  for (let i = 0; i < order.length; i++) places[i + 1] = (places[i] as number) + endOf(i) + 1 - startOf(i);
  const size = places[order.length] as number;
  return {
    size,
    read(offset, length) {
      const wanted = new Uint8Array(Math.min(length, size - offset));
      let index = lastAtMost(places, offset);
      for (let filled = 0; filled < wanted.length; index++) {
        const from = startOf(index) + offset + filled - (places[index] as number);
        const isFull = (): boolean => (places[index + 1] as number) - offset >= wanted.length;
        // Rows that follow one another in the file, too, are read at once.
        while (!isFull() && startOf(index + 1) === endOf(index) + 1) index++;
        const end = Math.min((places[index + 1] as number) - offset, wanted.length);
        wanted.set(reader.read(from, end - filled), filled);
        // The last line of the file may have no line end.
        if (endOf(index) === reader.size && (places[index + 1] as number) - offset === end) wanted[end - 1] = NEWLINE;
        filled = end;
      }
      return wanted;
    },
    close: () => reader.close(),
  };
}

/** The last place that is ≤ `offset`. */
function lastAtMost(places: Float64Array, offset: number): number {
  let low = 0;
  let high = places.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
