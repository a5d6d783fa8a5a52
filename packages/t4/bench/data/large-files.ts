import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "./data-set.js";
import { randomBytes } from "./random-bytes.js";

/** A few large files of random bytes. */
export function largeFiles(count: number, mebibytes: number): DataSet {
  return {
    name: `large-${count}x${mebibytes}MiB`,
    make: (directory) => {
      const bytes = randomBytes("large files");
      for (let i = 0; i < count; i++) {
        const file = openSync(join(directory, `large-${String(i).padStart(3, "0")}.bin`), "wx");
        for (let written = 0; written < mebibytes; written++) writeSync(file, bytes(1 << 20));
        closeSync(file);
      }
    },
  };
}
