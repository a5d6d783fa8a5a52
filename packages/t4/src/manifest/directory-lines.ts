import { T4Error } from "../base/errors.js";
import type { Json } from "../format/json-value.js";

/** So many directories of a package may have metadata: all of it is held in memory. */
export const MAX_DIRECTORIES = 200_000;
/** Their lines may have so many bytes in all. */
export const MAX_DIRECTORY_BYTES = 16 << 20;

/** Gathers the metadata of directories within the limits. */
export interface DirectoryLines {
  readonly directories: ReadonlyMap<string, Json>;
  /**
   * Takes a directory's metadata, whose line has so many bytes; of two for one directory the last counts.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` beyond the limits.
   */
  add(path: string, meta: Json, bytes: number): void;
}

/** Starts without any. */
export function createDirectoryLines(): DirectoryLines {
  const directories = new Map<string, Json>();
  let [lines, total] = [0, 0];
  return {
    directories,
    add(path, meta, bytes) {
      lines++;
      total += bytes;
      if (lines > MAX_DIRECTORIES || total > MAX_DIRECTORY_BYTES) throw tooMany();
      directories.set(path, meta);
    },
  };
}

function tooMany(): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `The manifest has metadata of more than ${MAX_DIRECTORIES} directories, or more than ${MAX_DIRECTORY_BYTES} bytes of it.`,
    { hint: "Keep metadata of that size in files of the package." },
  );
}
