import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegularFile } from "./regular-file.js";

/** Packages have no end that their users tell: the file of a reader that nobody holds any more is closed. */
const abandoned = new FinalizationRegistry<number>((file) => closeSync(file));

/**
 * Opens a local file for random access; `close` it.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it is no regular file; the system's error when it cannot be opened.
 */
export function fileReader(path: string): {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
} {
  const file = openRegularFile(path);
  let isOpen = true;
  const reader = {
    size: fstatSync(file).size,
    read(offset: number, length: number) {
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
      if (!isOpen) return;
      isOpen = false;
      abandoned.unregister(reader);
      closeSync(file);
    },
  };
  abandoned.register(reader, file, reader);
  return reader;
}
