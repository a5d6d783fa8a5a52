import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { syncDirectorySync } from "./make-directory.js";
import { renameFileSync } from "./rename-file.js";
import { writeAll } from "./write-all.js";

/** What is to stand in a file's place; nobody sees it before it is whole. */
export interface Replacement {
  readonly write: (chunk: Uint8Array) => void;
  /** Takes the file's place in one step. */
  finish(): void;
  /** Leaves nothing of it; after `finish` it does nothing. */
  drop(): void;
}

/** Options of {@link replaceFile}. */
export interface ReplaceOptions {
  /** Whether the bytes are on the disk before the file gets its name, which its directory then has to be flushed for. Default `false`. */
  readonly isFlushed?: boolean;
  /** Permissions of the file, less those that the user takes from all. Default 0o666. */
  readonly mode?: number;
}

/** Names of replacements end like this. */
const SUFFIX = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No write takes so long: what is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Starts a replacement of a file, written beside it; its directory must be there. */
export function replaceFile(path: string, { isFlushed = false, mode = 0o666 }: ReplaceOptions = {}): Replacement {
  const temporary = `${path}.${randomUUID()}`;
  let file: number | undefined = openSync(temporary, "wx", mode);
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    write: (chunk) => writeAll(file as number, chunk),
    finish() {
      if (isFlushed) fsyncSync(file as number);
      close();
      renameFileSync(temporary, path);
    },
    drop() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** Replaces a file by chunks that are there; `isFlushed` also puts its name on the disk. */
export function replaceFileBy(path: string, chunks: Iterable<Uint8Array>, options: ReplaceOptions = {}): void {
  const replacement = replaceFile(path, options);
  try {
    for (const chunk of chunks) replacement.write(chunk);
    replacement.finish();
    if (options.isFlushed === true) syncDirectorySync(dirname(path));
  } finally {
    replacement.drop();
  }
}

/** Removes from a directory what killed processes left of replacements, and further names that are as abandoned when they are as old. */
export function removeAbandoned(directory: string, isLitter: (name: string) => boolean = () => false): void {
  for (const name of readdirSync(directory)) {
    if (!SUFFIX.test(name) && !isLitter(name)) continue;
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && stat.mtimeMs < Date.now() - ABANDONED_MS) rmSync(path, { force: true });
  }
}
