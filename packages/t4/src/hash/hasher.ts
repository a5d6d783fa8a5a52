import { chunkSizeFor, MIN_CHUNK_SIZE } from "./chunk-rule.js";
import { hashOfChunks } from "./chunked.js";
import { createCrc64Nvme } from "./crc64-nvme.js";
import { createSha256, SHA256_BYTES, sha256 } from "./sha256.js";

/** The kinds of object hash that T4 can compute. */
export type HashType = "sha2-256-chunked" | "SHA256" | "CRC64NVME";

/** The hash that new entries get, and that names objects. */
export const DEFAULT_HASH: HashType = "sha2-256-chunked";

const HASH_TYPES: readonly string[] = ["sha2-256-chunked", "SHA256", "CRC64NVME"] satisfies readonly HashType[];

/** Tells whether T4 can compute hashes of this type. */
export function isHashType(type: string): type is HashType {
  return HASH_TYPES.includes(type);
}

/** A hash over many pieces of one object. */
export interface Hasher {
  update(data: Uint8Array): void;
  /** The value as manifests hold it: hexadecimal for `SHA256`, base64 for the others; call it once. */
  digest(): string;
  /** Of `sha2-256-chunked`, after `digest`: the SHA-256 of the chunks, one after another. */
  readonly chunks?: () => Uint8Array;
}

/**
 * Starts the hash of one object.
 *
 * `size`, in bytes, decides the chunks of `sha2-256-chunked`; exactly that many bytes must follow.
 */
export function createHasher(type: HashType, size: number): Hasher {
  if (type === "sha2-256-chunked") return createChunked(size);
  const state = type === "CRC64NVME" ? createCrc64Nvme() : createSha256();
  return { update: (data) => state.update(data), digest: () => hashValueFromDigest(type, state.digest()) };
}

/** The hash of bytes in memory, as manifests hold it. */
export function hashBytes(type: HashType, bytes: Uint8Array): string {
  // One call instead of three objects: of a small file this is half of the cost.
  if (type === "SHA256") return hashValueFromDigest(type, sha256(bytes));
  if (type === "sha2-256-chunked" && bytes.length <= MIN_CHUNK_SIZE)
    return hashOfChunks(bytes.length === 0 ? [] : [sha256(bytes)]);
  const hasher = createHasher(type, bytes.length);
  hasher.update(bytes);
  return hasher.digest();
}

/** The value in a manifest for a binary digest. */
export function hashValueFromDigest(type: HashType, digest: Uint8Array): string {
  const bytes = Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength);
  return bytes.toString(type === "SHA256" ? "hex" : "base64");
}

/** The binary digest of a value in a manifest, or `undefined` when the value is malformed. */
export function digestFromHashValue(type: HashType, value: string): Uint8Array | undefined {
  const bytes = Buffer.from(value, type === "SHA256" ? "hex" : "base64");
  return hashValueFromDigest(type, bytes) === value && bytes.length === (type === "CRC64NVME" ? 8 : SHA256_BYTES)
    ? bytes
    : undefined;
}

function createChunked(size: number): Hasher {
  const chunkSize = chunkSizeFor(size);
  const digests: Uint8Array[] = [];
  let chunk = createSha256();
  let filled = 0;
  const closeChunk = (): void => {
    digests.push(chunk.digest());
    chunk = createSha256();
    filled = 0;
  };
  return {
    update(data) {
      let rest = data;
      while (rest.length > 0) {
        const taken = rest.subarray(0, chunkSize - filled);
        chunk.update(taken);
        filled += taken.length;
        rest = rest.subarray(taken.length);
        if (filled === chunkSize) closeChunk();
      }
    },
    digest() {
      if (filled > 0) closeChunk();
      return hashOfChunks(digests);
    },
    chunks: () => Buffer.concat(digests),
  };
}
