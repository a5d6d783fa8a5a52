import { sha256 } from "./sha256.js";

/**
 * The `sha2-256-chunked` digest from the SHA-256 digests of all chunks, concatenated in order (n × 32 bytes).
 *
 * An empty object has no chunks; an object of one chunk is hashed twice like any other.
 */
export function combineChunkDigests(digests: Uint8Array): Uint8Array {
  return sha256(digests);
}
