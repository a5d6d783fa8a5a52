import { randomUUID } from "node:crypto";
import { closeSync, constants, fsyncSync, openSync } from "node:fs";
import { link, lstat, lutimes, mkdir, open, readdir, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { ABSENT, hasSystemCode } from "../../base/errors.js";
import { type HeldDirectory, holdBelow } from "./held-directory.js";
import { makeDirectorySync, ourLastingNames } from "./make-directory.js";
import { readRegularFile } from "./regular-file.js";
import { renameFile } from "./rename-file.js";
import { writeAll } from "./write-all.js";

/** A new file whose content comes in pieces. */
export interface NewFile {
  write(chunk: Uint8Array): void;
  /** Flushes the content to the disk. */
  flush(): Promise<void>;
  /** Releases the file; after that nothing can be written. */
  close(): void;
}

/** A name in a directory. */
export interface FoundName {
  readonly name: string;
  /** Of a link: `false`, wherever it leads. */
  readonly isDirectory: boolean;
  readonly isLink: boolean;
}

/** What a commit needs of a file system; a simulator passes its own to try crashes and schedules. */
export interface FileSystem {
  /** Reads a small regular file whole; rejects with `ENOENT` when it is absent, and with a T4Error when it is anything else. */
  readFile(path: string): Promise<Uint8Array>;
  /** Creates a file that must not exist, writes it and flushes it to the disk. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  /** Starts a file that must not exist, in a directory that is made when it is missing, as {@link makeDirectory} does. */
  create(path: string): NewFile;
  /** Gives a file a second name; rejects with `EEXIST` when the name is taken. */
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Creates one directory. */
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  readdir(path: string): Promise<readonly FoundName[]>;
  /** Holds a directory below a root, as {@link holdBelow} does: what is done by its path is done in this very directory. */
  holdBelow(root: string, way: string): Promise<HeldDirectory>;
  /** Looks at a file, or at a link itself. */
  stat(path: string): Promise<{ readonly size: number; readonly modifiedMs: number; readonly isDirectory: boolean }>;
  /** Sets a file's modification time to now. */
  touch(path: string): Promise<void>;
  /** Flushes a directory's entries to the disk. */
  syncDirectory(path: string): Promise<void>;
  /** The directories whose names this process knows to be on the disk; {@link makeDirectory} asks once for each. */
  readonly lastingNames: Set<string>;
}

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  readFile: readRegularFile,
  async writeNew(path, bytes) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  create(path) {
    makeDirectorySync(dirname(path));
    const file = openSync(path, "wx");
    return {
      write: (chunk) => writeAll(file, chunk),
      flush: async () => fsyncSync(file),
      close: () => closeSync(file),
    };
  },
  link,
  rename: renameFile,
  unlink,
  mkdir: (path) => mkdir(path),
  rmdir,
  async readdir(path) {
    const found = await readdir(path, { withFileTypes: true });
    return found.map((item) => ({
      name: item.name,
      isDirectory: item.isDirectory(),
      isLink: item.isSymbolicLink(),
    }));
  },
  holdBelow: async (root, way) => holdBelow(root, way),
  async stat(path) {
    const found = await lstat(path);
    return { size: found.size, modifiedMs: found.mtimeMs, isDirectory: found.isDirectory() };
  },
  async touch(path) {
    const now = new Date();
    await lutimes(path, now, now);
  },
  async syncDirectory(path) {
    // Windows cannot open a directory for this; NTFS journals names itself.
    if (process.platform === "win32") return;
    const directory = await open(path, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
  lastingNames: ourLastingNames,
};

/** {@link ABSENT} for who reads: what has a name that no file can have is not there either. */
export const NOWHERE = [...ABSENT, "ENAMETOOLONG"] as const;

/** Runs `call`, taking some system error codes as the answer `undefined`. */
export async function unless<Result>(
  codes: string | readonly string[],
  call: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (hasSystemCode(error, typeof codes === "string" ? [codes] : codes)) return undefined;
    throw error;
  }
}

/**
 * Awaits what is done after a write, for others, and must not make it look failed: a turn that is not ended is ended by the
 * next writer, and what is left among the temporary files is named by fsck and removed by gc.
 */
export async function housekeeping(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}

/** A name that no one else uses. */
export function uniqueName(): string {
  return randomUUID();
}
