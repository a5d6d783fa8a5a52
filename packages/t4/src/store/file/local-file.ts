import { realpathSync, statSync } from "node:fs";
import { systemCode } from "../../base/errors.js";

/** The size of what is at a path, links followed; `undefined`: there is nothing. */
export function sizeOfFile(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}

/** What says that a path leads nowhere that this user can see. */
const NOWHERE = new Set(["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"]);

/** A path with links resolved; one that leads nowhere has none. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (NOWHERE.has(systemCode(error) ?? "")) return path;
    throw error;
  }
}
