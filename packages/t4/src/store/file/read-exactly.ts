import { read } from "node:fs";
import { promisify } from "node:util";

const readAt = promisify(read);

/** The bytes of an open file from `start` to before `end`; `undefined` when it ends earlier. */
export async function readExactly(file: number, start: number, end: number): Promise<Uint8Array | undefined> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await readAt(file, bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return bytes;
}
