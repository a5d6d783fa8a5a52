/** Smallest chunk of `sha2-256-chunked`, bytes: 8 MiB, also the size from which S3 uploads are multipart. */
export const MIN_CHUNK_SIZE: number = 8 * 1024 * 1024;
/** Chunks of one object that are under way at once; so many are in memory, unless it is copied inside a server. */
export const PARTS_AT_ONCE: number = 4;
/** Most chunks of one object, S3's limit on parts. */
const MAX_CHUNKS = 10_000;

/**
 * Chunk size in bytes for an object of `size` bytes: 8 MiB, doubled until 10,000 chunks hold the object.
 *
 * Source: Quilt 3's rule, kept by every writer of `sha2-256-chunked`.
 */
export function chunkSizeFor(size: number): number {
  let chunkSize = MIN_CHUNK_SIZE;
  while (Math.ceil(size / chunkSize) > MAX_CHUNKS) chunkSize *= 2;
  return chunkSize;
}

/** Number of chunks of an object of `size` bytes; 0 for an empty one. */
export function chunkCountFor(size: number): number {
  return Math.ceil(size / chunkSizeFor(size));
}
