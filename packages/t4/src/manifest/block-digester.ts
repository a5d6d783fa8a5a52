import { createSha256 } from "../hash/sha256.js";

/** Computes the digest of each block of a file while the file is read once, front to back. */
export interface BlockDigester {
  /** The next bytes of the file, which start at `offset`; they stay as they are until `chunkEnd`. */
  chunk(bytes: Uint8Array, offset: number): void;
  /** A block starts at `offset`, in this chunk; the one before ends there. */
  start(offset: number): void;
  /** All of the chunk was looked at. */
  chunkEnd(): void;
  /** The digests of all blocks; the last one ends with the last chunk. */
  finish(): readonly Uint8Array[];
}

/** Starts before the first block. */
export function createBlockDigester(): BlockDigester {
  const digests: Uint8Array[] = [];
  let sha: ReturnType<typeof createSha256> | undefined;
  let bytes: Uint8Array = new Uint8Array();
  let [offset, done] = [0, 0];
  const digestUpTo = (end: number): void => {
    sha?.update(bytes.subarray(done - offset, end - offset));
    done = end;
  };
  const endBlock = (): void => {
    if (sha !== undefined) digests.push(sha.digest());
  };
  return {
    chunk(next, at) {
      [bytes, offset, done] = [next, at, at];
    },
    start(at) {
      digestUpTo(at);
      endBlock();
      sha = createSha256();
    },
    chunkEnd: () => digestUpTo(offset + bytes.length),
    finish() {
      endBlock();
      return digests;
    },
  };
}
