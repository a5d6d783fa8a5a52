import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { hasSystemCode, systemCode } from "../../base/errors.js";
import type { FileSystem } from "./file-system.js";

/** The directories whose names this process has seen flushed. */
export const ourLastingNames = new Set<string>();

/**
 * How often the directories above one are made: somebody may remove them meanwhile, but where none can be made, as in `/proc`,
 * the system says each time that one above is missing.
 */
const TRIES = 10;

/** What flushing says of a directory that this user may not read, or whose file system flushes none; or it is gone again. */
const NOT_FLUSHED = ["EACCES", "EPERM", "EINVAL", "ENOTSUP", "EROFS", "ENOENT"];

/**
 * Creates a directory and those above it, so that what lands in it survives a power cut: when it resolves, the names of all
 * of them are on the disk.
 *
 * Those that are there are flushed as well: whoever made them may have been killed before he did it. That costs a flush per
 * directory and process. Those above that this user may not read are left alone, as he can have made nothing in them.
 */
export async function makeDirectory(fs: FileSystem, path: string, tries = TRIES): Promise<void> {
  let isMade = true;
  try {
    await fs.mkdir(path);
  } catch (error) {
    if (isMissingAbove(error, { path, tries })) {
      await makeDirectory(fs, dirname(path));
      await makeDirectory(fs, path, tries - 1);
      return;
    }
    isMade = false;
  }
  const names = unflushedNames(fs.lastingNames, path, isMade);
  for (const name of names) {
    await fs.syncDirectory(dirname(name)).catch((error: unknown) => {
      if (isMade && name === path) throw error;
      requireNotFlushed(error);
    });
  }
  // All at once: that a name lasts says that those above do.
  for (const name of names) fs.lastingNames.add(name);
}

/** {@link makeDirectory} on this machine, in one piece. */
export function makeDirectorySync(path: string, tries = TRIES): void {
  let isMade = true;
  try {
    mkdirSync(path);
  } catch (error) {
    if (isMissingAbove(error, { path, tries })) {
      makeDirectorySync(dirname(path));
      makeDirectorySync(path, tries - 1);
      return;
    }
    isMade = false;
  }
  const names = unflushedNames(ourLastingNames, path, isMade);
  for (const name of names) {
    try {
      syncDirectorySync(dirname(name));
    } catch (error) {
      if (isMade && name === path) throw error;
      requireNotFlushed(error);
    }
  }
  for (const name of names) ourLastingNames.add(name);
}

/** Flushes a directory's entries to the disk. */
export function syncDirectorySync(path: string): void {
  // Windows cannot open a directory for this; NTFS journals names itself.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Whether a directory could not be made because there is none above it; `false`: it is there. */
function isMissingAbove(error: unknown, { path, tries }: { readonly path: string; readonly tries: number }): boolean {
  const code = systemCode(error);
  if (code === "EEXIST") return false;
  if (code === "ENOENT" && tries > 0 && dirname(path) !== path) return true;
  throw error;
}

/** A directory and those above it, as far up as their names may not be on the disk. */
function unflushedNames(lasting: Set<string>, path: string, isMade: boolean): readonly string[] {
  // Somebody had removed it.
  if (isMade) lasting.delete(path);
  const names: string[] = [];
  for (let name = path; dirname(name) !== name && !lasting.has(name); name = dirname(name)) names.push(name);
  return names;
}

function requireNotFlushed(error: unknown): void {
  if (!hasSystemCode(error, NOT_FLUSHED)) throw error;
}
