import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegularFile } from "./regular-file.js";

/** Packages have no end that their users tell: the file of a reader that nobody holds any more is closed. */
const abandoned = new FinalizationRegistry<number>((file) => closeSync(file));

/** Longer reads are rare, and their memory is given back. */
const MAX_KEPT_BYTES = 1 << 20;

/**
 * Opens a local file for random access; `close` it. What was read is overwritten by the next read.
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
  // One for all reads: a manifest of a gigabyte would leave as much garbage otherwise.
  let kept = Buffer.alloc(0);
  const reader = {
    size: fstatSync(file).size,
    read(offset: number, length: number) {
      const buffer = kept.length < length ? Buffer.allocUnsafeSlow(length) : kept;
      if (length <= MAX_KEPT_BYTES) kept = buffer;
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
