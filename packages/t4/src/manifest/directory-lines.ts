import { T4Error } from "../base/errors.js";
import type { Json } from "../format/json-value.js";

/** So many directories of a package may have metadata: all of it is held in memory. */
const MAX_DIRECTORIES = 200_000;
/** Their lines may have so many bytes in all: what is read of them takes up to thirty times as much. */
const MAX_DIRECTORY_BYTES = 8 << 20;

/** Gathers the metadata of directories within the limits. */
export interface DirectoryLines {
  readonly directories: ReadonlyMap<string, Json>;
  /**
   * Takes a directory's metadata, whose line has so many bytes; of two for one directory the last counts.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` beyond the limits.
   */
  add(path: string, meta: Json, bytes: number): void;
  /** Takes such a line that says nothing of a directory. */
  count(bytes: number): void;
}

/** Starts without any. */
export function createDirectoryLines(): DirectoryLines {
  const directories = new Map<string, Json>();
  const count = createDirectoryLimit("ERR_T4_FORMAT");
  return {
    directories,
    count,
    add(path, meta, bytes) {
      count(bytes);
      directories.set(path, meta);
    },
  };
}

/** Counts lines of directories' metadata by their bytes; throws an error of the code beyond the limits. */
export function createDirectoryLimit(code: "ERR_T4_FORMAT" | "ERR_T4_INVALID_META"): (bytes: number) => void {
  let [lines, total] = [0, 0];
  return (bytes) => {
    lines++;
    total += bytes;
    if (lines <= MAX_DIRECTORIES && total <= MAX_DIRECTORY_BYTES) return;
    throw new T4Error(
      code,
      `The manifest has metadata of more than ${MAX_DIRECTORIES} directories, or more than ${MAX_DIRECTORY_BYTES} bytes of it.`,
      { hint: "Keep metadata of that size in a file of the package." },
    );
  };
}
