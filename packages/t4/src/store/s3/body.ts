import { sha256 } from "../../hash/sha256.js";

/** A body with its SHA-256 as its request needs it: hexadecimal in the signature, base64 for the server to compare. */
export interface HashedBody {
  readonly body: Uint8Array;
  readonly bodyHash: string;
  readonly checksum: string;
}

/** Hashes a body once for all its uses. */
export function bodyOf(body: Uint8Array, digest: Uint8Array = sha256(body)): HashedBody {
  const bytes = Buffer.from(digest);
  return { body, bodyHash: bytes.toString("hex"), checksum: bytes.toString("base64") };
}
