import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file in which a project pins packages. */
export const LOCK_FILE = "t4.lock";

/**
 * The lock file of a directory, or of the nearest one above it that has one. One above that another user made does not
 * count: whoever may write to `/tmp` could else say what everything below it imports.
 */
export function findLock(directory: string): string | undefined {
  for (let current = directory, last = ""; current !== last; last = current, current = dirname(current)) {
    const path = join(current, LOCK_FILE);
    const owner = ownerOf(path);
    if (owner !== undefined && (current === directory || isOurs(owner))) return path;
  }
  return undefined;
}

function ownerOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    // What cannot be looked into is none of the user's.
    return undefined;
  }
}

/** Root's files are trusted, as its programs are: a container's project is often its. */
function isOurs(owner: number): boolean {
  return process.getuid === undefined || owner === process.getuid() || owner === 0;
}
