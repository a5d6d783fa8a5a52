import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Packages have no end that their users tell: the file of a reader that nobody holds any more is closed. */
const abandoned = new FinalizationRegistry<number>((file) => closeSync(file));

/** Opens a local file for random access; `close` it. Throws the system's error when it cannot be opened. */
export function fileReader(path: string): {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
} {
  const file = openSync(path, "r");
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
