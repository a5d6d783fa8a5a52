import { spawnSync } from "node:child_process";
import { closeSync, constants, fsyncSync, openSync } from "node:fs";
import { release } from "node:os";
import { dirname } from "node:path";
import { ABSENT, hasSystemCode } from "../base/errors.js";

/** From so many files on, flushing their file system once is cheaper than flushing each. */
const BARRIER_FILES = 16;
/** The first Linux whose `syncfs` reports what could not be written. */
const SYNCFS_REPORTS = [5, 8] as const;

let hasBarrier = process.platform === "linux" && isAtLeast(release(), SYNCFS_REPORTS);

/** Puts files on the disk. Costs one journal commit per file, or a single one for all from sixteen files on. */
export function flushFiles(paths: readonly string[]): void {
  if (paths.length >= BARRIER_FILES && [...new Set(paths.map(dirname))].every(flushFileSystem)) return;
  for (const path of paths) flush(path);
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants;
/** What opening says of a directory that somebody has removed or put something else in place of. */
const GONE = [...ABSENT, "ELOOP"];

/** Puts the names in directories on the disk; those that are gone have none. */
export function flushDirectories(paths: Iterable<string>): void {
  // Windows cannot open a directory for this; NTFS journals names itself.
  if (process.platform === "win32") return;
  for (const path of paths) {
    try {
      flush(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } catch (error) {
      if (!hasSystemCode(error, GONE)) throw error;
    }
  }
}

/** Adds the directories in which a file's name, and theirs, have to be flushed: from its own up to `root`, which is one of them. */
export function addDirectories(directories: Set<string>, file: { readonly path: string; readonly root: string }): void {
  const { path, root } = file;
  for (let directory = dirname(path); !directories.has(directory); directory = dirname(directory)) {
    directories.add(directory);
    if (directory === root) return;
  }
}

/**
 * Flushes all that the file system of a directory has not written yet, through coreutils' `sync`, since Node cannot;
 * tells whether that is done. A failure may be another program's: then each of our files is asked.
 */
function flushFileSystem(directory: string): boolean {
  if (!hasBarrier) return false;
  const { error, status } = spawnSync("sync", ["-f", directory], { stdio: "ignore" });
  if (error !== undefined) hasBarrier = false;
  return status === 0;
}

/** Windows flushes only what is open for writing. */
const FLUSH_MODE = process.platform === "win32" ? "r+" : "r";

function flush(path: string, flags: string | number = FLUSH_MODE): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, ourMinor = 0] = version.split(".").map(Number);
  return ours > major || (ours === major && ourMinor >= minor);
}
