/** Random access to immutable bytes, synchronous because manifests are always read from a local file or memory. */
export interface RangeReader {
  /** Bytes in all. */
  readonly size: number;
  /** Bytes `[offset, offset + length)`, fewer only at the end; the result may be reused by the next call. */
  read(offset: number, length: number): Uint8Array;
  /** Releases the file; reading afterwards throws. Calling it twice is fine. */
  close(): void;
}
