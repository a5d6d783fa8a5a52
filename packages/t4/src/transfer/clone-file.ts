import { constants, copyFileSync, fchmodSync, fstatSync } from "node:fs";
import { hasSystemCode } from "../base/errors.js";

/** From this size on, sharing blocks is cheaper than copying bytes. */
const CLONE_BYTES = 64 * 1024;
/** File systems that cannot, by device: each is asked once. */
const cannotClone = new Set<number>();
/** What a file system says that cannot share these blocks. */
const REFUSALS = ["ENOTSUP", "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOSYS", "ENOTTY", "EPERM", "EACCES"];

/**
 * Makes an empty open file share its blocks with another open file (a reflink), where the file system can; tells whether
 * it did. Both are named through this process's descriptors, so that nobody can put another file in between.
 */
export function cloneFile(source: number, sink: number, size: number): boolean {
  if (process.platform !== "linux" || size < CLONE_BYTES) return false;
  const { dev, mode } = fstatSync(sink);
  if (cannotClone.has(dev)) return false;
  try {
    copyFileSync(`/proc/self/fd/${source}`, `/proc/self/fd/${sink}`, constants.COPYFILE_FICLONE_FORCE);
    // The copy would have the source's permissions.
    fchmodSync(sink, mode);
    return true;
  } catch (error) {
    if (!hasSystemCode(error, REFUSALS)) throw error;
    cannotClone.add(dev);
    return false;
  }
}
