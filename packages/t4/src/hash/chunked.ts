import { sha256 } from "./sha256.js";

/**
 * The `sha2-256-chunked` digest from the SHA-256 digests of all chunks, concatenated in order (n × 32 bytes).
 *
 * An empty object has no chunks; an object of one chunk is hashed twice like any other.
 */
export function combineChunkDigests(digests: Uint8Array): Uint8Array {
  return sha256(digests);
}

/** The `sha2-256-chunked` of an object, base64, from the SHA-256 of its chunks in order; in one piece or several. */
export function hashOfChunks(digests: readonly Uint8Array[]): string {
  return Buffer.from(combineChunkDigests(Buffer.concat(digests))).toString("base64");
}
