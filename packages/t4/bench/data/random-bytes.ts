import { createCipheriv, createHash } from "node:crypto";

const ZEROS = Buffer.alloc(1 << 20);

/** Endless bytes that depend on the seed alone and do not compress: AES in counter mode. About 1 GiB/s. */
export function randomBytes(seed: string): (length: number) => Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16));
  return (length) => {
    const pieces: Buffer[] = [];
    for (let left = length; left > 0; left -= ZEROS.length) pieces.push(cipher.update(ZEROS.subarray(0, left)));
    return Buffer.concat(pieces);
  };
}
