import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Opens a local file for random access; `close` it. Rejects with the system's error when it cannot be opened. */
export function fileReader(path: string): {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
} {
  const file = openSync(path, "r");
  let isOpen = true;
  return {
    size: fstatSync(file).size,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(file, buffer, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
