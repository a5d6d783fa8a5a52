import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import type { ManifestLine } from "../format/manifest-line.js";
import type { TopHash } from "../format/top-hash.js";
import { createSha256 } from "../hash/sha256.js";
import { type BlockTable, blockTable, createBlockCutter } from "./block-table.js";
import type { CommonRow } from "./common-row.js";
import { createDirectoryLines } from "./directory-lines.js";
import { keyHash } from "./key-hash.js";
import { KeyOrder } from "./key-order.js";
import { asciiText } from "./line-reader.js";
import { type ViewedBytes, viewed } from "./plain-bytes.js";
import type { RangeReader } from "./range-reader.js";
import { RowHasher } from "./row-hasher.js";
import { type LineVisitor, walkLines } from "./walk-lines.js";

/** What one pass over a manifest found. */
export interface ScannedManifest {
  readonly header: Header;
  readonly directories: ReadonlyMap<string, Json>;
  /** `undefined` when an entry has no hash or size yet. */
  readonly topHash: TopHash | undefined;
  /** Bytes of all entries with a numeric size. */
  readonly totalBytes: number;
  readonly table: BlockTable;
  /** SHA-256 of all before the first block. */
  readonly headDigest: Uint8Array;
  /** Whether the metadata of all directories stands before the first block. */
  readonly isHeadComplete: boolean;
}

/**
 * Reads a manifest front to back: top hash, order of keys, blocks and their digests are all of the same bytes, each of
 * which is read once. `undefined` when its rows are not in tree order, or the header does not stand for itself.
 *
 * With a header, the file has rows from its first line on.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is no manifest.
 */
export function scanManifest(reader: RangeReader, header?: Header): ScannedManifest | undefined {
  const scan = new ManifestScan();
  if (header !== undefined) scan.header(header);
  return walkLines(reader, scan, { hasHeader: header === undefined }) ? scan.finish(reader.size) : undefined;
}

class ManifestScan implements LineVisitor {
  #header: Header = new Map();
  readonly #directories = createDirectoryLines();
  readonly #hasher = new RowHasher();
  readonly #order = new KeyOrder();
  readonly #cutter = createBlockCutter();
  readonly #firstKeys: string[] = [];
  readonly #offsets: number[] = [];
  /** Digests of the head and of each block behind it. */
  readonly #digests: Uint8Array[] = [];
  #sha = createSha256();
  #text = viewed(new Uint8Array());
  #chunkOffset = 0;
  /** Up to where the chunk's bytes are in the digests. */
  #digested = 0;
  #count = 0;
  #totalBytes = 0;
  #isHeadComplete = true;

  chunk(text: ViewedBytes, offset: number): void {
    this.#text = text;
    this.#chunkOffset = offset;
    this.#digested = 0;
  }

  header(header: Header): void {
    this.#header = header;
    this.#hasher.header(header);
  }

  row(row: CommonRow, start: number, end: number): boolean {
    if (!this.#order.takePlain(this.#text, row.key)) return false;
    if (this.#cutter.startsBlock(this.#chunkOffset + start, row.keyHash)) {
      this.#startBlock(asciiText(this.#text.bytes, row.key.start, row.key.end), start);
    }
    this.#hasher.row(this.#text, row, end - start);
    this.#count++;
    this.#totalBytes += row.size;
    return true;
  }

  line(line: ManifestLine, start: number, end: number): boolean {
    // As in Quilt 3, this is the package's metadata: the header has been hashed already.
    if (line.kind === "root") return false;
    if (line.kind === "directory") {
      this.#directories.add(line.path, line.meta, end - start);
      if (this.#count > 0) this.#isHeadComplete = false;
      return true;
    }
    const { entry } = line;
    if (!this.#order.takeText(entry.logicalKey)) return false;
    const isFirst = this.#cutter.startsBlock(this.#chunkOffset + start, keyHash(entry.logicalKey));
    if (isFirst) this.#startBlock(entry.logicalKey, start);
    this.#hasher.entry(entry);
    this.#count++;
    if (typeof entry.size === "number") this.#totalBytes += entry.size;
    return true;
  }

  chunkEnd(): void {
    this.#digestUpTo(this.#text.bytes.length);
  }

  finish(end: number): ScannedManifest {
    this.#digests.push(this.#sha.digest());
    const [headDigest, ...digests] = this.#digests as [Uint8Array, ...Uint8Array[]];
    const columns = { firstKeys: this.#firstKeys, offsets: this.#offsets, end, count: this.#count, digests };
    return {
      header: this.#header,
      directories: this.#directories.directories,
      topHash: this.#hasher.digest(),
      totalBytes: this.#totalBytes,
      table: blockTable(columns),
      headDigest,
      isHeadComplete: this.#isHeadComplete,
    };
  }

  #startBlock(firstKey: string, start: number): void {
    this.#digestUpTo(start);
    this.#digests.push(this.#sha.digest());
    this.#sha = createSha256();
    this.#firstKeys.push(firstKey);
    this.#offsets.push(this.#chunkOffset + start);
  }

  #digestUpTo(end: number): void {
    this.#sha.update(this.#text.bytes.subarray(this.#digested, end));
    this.#digested = end;
  }
}
