import { closeSync, constants, lstatSync, openSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { T4Error } from "../../base/errors.js";

/** A directory that is held by itself and not by its name; `close` it. */
export interface HeldDirectory {
  /** A path that leads to this very directory. */
  readonly path: string;
  close(): void;
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants;
/** On Linux a path through an open directory cannot be led elsewhere by a link planted meanwhile. */
const HAS_PROC_FD = process.platform === "linux";

/** Holds a directory; `ENOTDIR` or `ELOOP`: it is a file or a link. Elsewhere than on Linux it is only looked at. */
export function holdDirectory(path: string): HeldDirectory {
  if (!HAS_PROC_FD) {
    if (lstatSync(path).isDirectory()) return { path, close: () => undefined };
    throw Object.assign(new Error(`ENOTDIR: not a directory, open '${path}'`), { code: "ENOTDIR", syscall: "open" });
  }
  const file = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  let isOpen = true;
  return {
    // By number and not as `self`: programs that this process starts find the directory, too.
    path: `/proc/${process.pid}/fd/${file}`,
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/**
 * Holds the directory that a way with slashes leads to from a root, which may be a link itself; nothing below it may be.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` when a part of the way is a link; the system's error when there is no such directory.
 */
export function holdBelow(root: string, way: string): HeldDirectory {
  let current = holdDirectory(realpathSync(root));
  let place = root;
  for (const part of way.split("/").filter((name) => name !== "")) {
    const parent = current;
    const path = join(parent.path, part);
    place = join(place, part);
    try {
      current = holdDirectory(path);
    } catch (error) {
      throw lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? linked(place, error) : error;
    } finally {
      parent.close();
    }
  }
  return current;
}

/** What is behind a link may be anybody's: nothing there is removed or moved. */
export function linked(path: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_UNSAFE", `${path} is a link: nothing behind it is removed or moved.`, {
    hint: "Put a directory there instead of the link; one that is on another disk can be mounted there.",
    facts: { path },
    cause,
  });
}
