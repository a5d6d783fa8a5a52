import type { TopHash } from "../format/top-hash.js";

/**
 * Remembers indexes of manifests that were checked whole, so that they need not be again. What it gives back is trusted:
 * it belongs to this user alone. An index that is absent or damaged costs time only.
 */
export interface IndexCache {
  /** The index of a manifest. */
  read(topHash: TopHash): Uint8Array | undefined;
  /** Remembers an index; that it cannot is no error. */
  write(topHash: TopHash, index: Uint8Array): void;
}
