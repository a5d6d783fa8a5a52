import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "./data-set.js";
import { randomBytes } from "./random-bytes.js";

const PER_DIRECTORY = 100;
const LEAST_BYTES = 1024;

/** Many files of 1 to 4 KiB, a hundred in each directory `d0000`, `d0001`, and so on. */
export function smallFiles(count: number): DataSet {
  return {
    name: `small-${count}`,
    make: (directory) => {
      const bytes = randomBytes("small files");
      for (let i = 0; i < count; i++) {
        const inside = join(directory, `d${String(Math.floor(i / PER_DIRECTORY)).padStart(4, "0")}`);
        if (i % PER_DIRECTORY === 0) mkdirSync(inside);
        const size = LEAST_BYTES + (bytes(2).readUInt16LE() % (3 * LEAST_BYTES));
        writeFileSync(join(inside, `f${String(i % PER_DIRECTORY).padStart(3, "0")}.bin`), bytes(size));
      }
    },
  };
}
