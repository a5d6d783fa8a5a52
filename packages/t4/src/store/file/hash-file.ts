import { closeSync, fstatSync } from "node:fs";
import { hashPieces } from "../../hash/hash-pieces.js";
import type { HashType } from "../../hash/hasher.js";
import { readExactly } from "./read-exactly.js";
import { openRegularFile } from "./regular-file.js";

/**
 * The hash of a file of a store, as manifests have it.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it is no regular file; the system's error when it cannot be read.
 */
export async function hashOfFile(path: string, type: HashType, signal: AbortSignal | undefined): Promise<string> {
  const file = openRegularFile(path);
  try {
    const read = async (start: number, end: number): Promise<Uint8Array> =>
      (await readExactly(file, start, end)) ?? new Uint8Array(0);
    return await hashPieces({ size: fstatSync(file).size, read }, type, signal);
  } finally {
    closeSync(file);
  }
}
