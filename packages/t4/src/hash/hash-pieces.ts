import { MIN_CHUNK_SIZE } from "./chunk-rule.js";
import { createHasher, type HashType } from "./hasher.js";

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
