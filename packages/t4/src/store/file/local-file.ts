import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ABSENT, hasSystemCode, isAbsent } from "../../base/errors.js";

/** The size of what is at a path, links followed; `undefined`: there is nothing. */
export function sizeOfFile(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What says that a path leads nowhere that this user can see. */
const UNREACHABLE = [...ABSENT, "EACCES", "ELOOP", "ENAMETOOLONG"];

/** A path with links resolved as far as it leads somewhere; what is not there yet, or no longer, keeps its name. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (!hasSystemCode(error, UNREACHABLE)) throw error;
    const directory = dirname(path);
    return directory === path ? path : join(realPath(directory), basename(path));
  }
}
