import { createHasher, type HashType } from "./hasher.js";

/** Longest piece that is in memory at once, bytes. */
const PIECE_BYTES = 8 << 20;

/** What is read piece by piece, from `start` to before `end`. */
interface Pieces {
  readonly size: number;
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** The hash of what is read, as manifests have it; of what turns out shorter than its size it is another. */
export async function hashOfBytes(
  { size, read }: Pieces,
  type: HashType,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hasher = createHasher(type, size);
  for (let at = 0; at < size; at += PIECE_BYTES) {
    signal?.throwIfAborted();
    hasher.update(await read(at, Math.min(size, at + PIECE_BYTES)));
  }
  return hasher.digest();
}
