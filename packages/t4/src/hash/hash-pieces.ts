import { chunkSizeFor, MIN_CHUNK_SIZE } from "./chunk-rule.js";
import { createHasher, type HashType } from "./hasher.js";
import { createSha256 } from "./sha256.js";

/** What is read piece by piece, from `start` to before `end`. */
interface Pieces {
  readonly size: number;
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** The hash of what is read in pieces of 8 MiB, as manifests have it; of what turns out shorter than its size it is another. */
export async function hashPieces(
  { size, read }: Pieces,
  type: HashType,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hasher = createHasher(type, size);
  for (let at = 0; at < size; at += MIN_CHUNK_SIZE) {
    signal?.throwIfAborted();
    hasher.update(await read(at, Math.min(size, at + MIN_CHUNK_SIZE)));
  }
  return hasher.digest();
}

/** The SHA-256 of each chunk of `sha2-256-chunked`, in order, of what is read in pieces of 8 MiB. */
export async function digestChunks({ size, read }: Pieces, signal: AbortSignal | undefined): Promise<Uint8Array[]> {
  const chunkSize = chunkSizeFor(size);
  const digests: Uint8Array[] = [];
  for (let start = 0; start < size; start += chunkSize) {
    const end = Math.min(size, start + chunkSize);
    const sha = createSha256();
    for (let at = start; at < end; at += MIN_CHUNK_SIZE) {
      signal?.throwIfAborted();
      sha.update(await read(at, Math.min(end, at + MIN_CHUNK_SIZE)));
    }
    digests.push(sha.digest());
  }
  return digests;
}
