import type { Entry } from "../format/entry.js";
import type { Header } from "../format/header.js";
import { canonicalEntry, createTopHasher, type TopHash } from "../format/top-hash.js";
import type { CommonRow } from "./common-row.js";
import { type Output, output, type ViewedBytes } from "./plain-bytes.js";

/** Canonical texts are gathered to so many bytes before they are hashed: a call per row would cost more than the hash. */
const BATCH_BYTES = 128 * 1024;

/** Computes a top hash from rows: straight from the bytes where they have the common shape. */
export class RowHasher {
  readonly #hasher = createTopHasher();
  #batch: Output = output(BATCH_BYTES);
  #isBuilt = true;

  header(header: Header): void {
    this.#hasher.header(header);
  }

  /** A row of `length` bytes. */
  row(text: ViewedBytes, row: CommonRow, length: number): void {
    if (this.#batch.filled + length > this.#batch.bytes.length) {
      this.#flush();
      if (length > this.#batch.bytes.length) this.#batch = output(length);
    }
    row.writeCanonical(text, this.#batch);
  }

  /** An entry; without hash or size it leaves the package without a top hash. */
  entry(entry: Entry): void {
    this.#flush();
    if (entry.hash === null || entry.size === null) this.#isBuilt = false;
    else this.#hasher.canonical(canonicalEntry(entry));
  }

  /** `undefined` when an entry is not built. */
  digest(): TopHash | undefined {
    this.#flush();
    return this.#isBuilt ? this.#hasher.digest() : undefined;
  }

  #flush(): void {
    const { bytes, filled } = this.#batch;
    if (filled > 0) this.#hasher.canonical(bytes.subarray(0, filled));
    this.#batch.filled = 0;
  }
}
