import { writeSync } from "node:fs";

/** Writes all bytes, at a position or where the file stands: one call of the system may take fewer. */
export function writeAll(file: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.length; ) {
    const at = position === undefined ? null : position + done;
    done += writeSync(file, bytes, done, bytes.length - done, at);
  }
}
