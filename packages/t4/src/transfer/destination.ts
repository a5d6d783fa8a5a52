import { constants, lstatSync, mkdirSync, openSync, readdirSync, realpathSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasSystemCode, systemCode, T4Error } from "../base/errors.js";
import { type HeldDirectory, holdDirectory } from "../store/file/held-directory.js";
import { makeDirectorySync } from "../store/file/make-directory.js";
import type { Expected } from "./file-job.js";
import { isUseless, openPart, type PartFile } from "./part-file.js";
import { temporaryName } from "./temporary-name.js";

/** A directory that files are put into, and nothing outside it. */
export interface Destination {
  /** The path of a file, valid until the next call; `undefined` when there is no such directory. Makes nothing. */
  look(key: string): { readonly path: string } | undefined;
  /** The path of a file, valid until the next call; its directories are made. */
  place(key: string): { readonly path: string };
  /** Removes the directories that a file was in, as far as they are empty; the key of the one that is left, `""` for the top. */
  removeEmpty(key: string): string;
  /** A new empty file on the same file system, by a path that is valid until `close`. */
  createTemporary(): { readonly file: number; readonly path: string };
  /** The same for content of which the beginning may be there, since who wrote it was broken off. */
  createPart(expected: Expected): PartFile;
  /** Releases the directory, and removes the place of temporary files when it is empty and can be removed. */
  close(): void;
}

/** Place of temporary files; never part of a package. */
const TEMPORARY = ".t4/tmp";
/** So often the place of temporary files is made again when others remove it. */
const TEMPORARY_TRIES = 1000;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;

/**
 * Opens a directory for writing below it, made if absent, with its name on the disk.
 *
 * No component below it is ever followed as a link. On Linux this holds also while someone swaps directories for links;
 * elsewhere each directory is looked at before it is used. Temporary files of those who were killed are removed.
 */
export function openDestination(root: string): Destination {
  makeDirectorySync(root);
  const place = realpathSync(root);
  const top = holdDirectory(place);
  if (!tidied.has(place)) removeAbandoned(top);
  tidied.add(place);
  let temporary: HeldDirectory | undefined;
  let held: { readonly directory: string; readonly handle: HeldDirectory } | undefined;
  const locate = (key: string, step: Step): { readonly path: string } => {
    const slash = key.lastIndexOf("/");
    const directory = directoryOf(key);
    if (slash !== -1 && held?.directory !== directory) {
      const handle = descend(top, directory, step);
      held?.handle.close();
      held = { directory, handle };
    }
    const { path } = slash === -1 || held === undefined ? top : held.handle;
    return { path: join(path, requireName(key.slice(slash + 1))) };
  };
  const inTemporary = <Made>(make: (directory: string) => Made): Made => {
    for (let tries = 1; ; tries++) {
      try {
        temporary ??= descend(top, TEMPORARY, enterOrMake);
        return make(temporary.path);
      } catch (error) {
        // Whoever is done with the same directory removes the empty place of temporary files, perhaps just now.
        if (systemCode(error) !== "ENOENT" || tries >= TEMPORARY_TRIES) throw error;
        temporary?.close();
        temporary = undefined;
      }
    }
  };
  const look = (key: string): { readonly path: string } | undefined => ifThere(() => locate(key, enter));
  return {
    look,
    removeEmpty(key) {
      const directory = removeEmptyAbove(key, look);
      // The directory that is held may be one of those.
      held?.handle.close();
      held = undefined;
      return directory;
    },
    place: (key) => locate(key, enterOrMake),
    createTemporary: () =>
      inTemporary((directory) => {
        const path = join(directory, temporaryName());
        return { file: openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666), path };
      }),
    createPart: (expected) => inTemporary((directory) => openPart(directory, expected)),
    close() {
      held?.handle.close();
      temporary?.close();
      for (const directory of [TEMPORARY, dirname(TEMPORARY)]) removeIfPossible(join(top.path, directory));
      top.close();
    },
  };
}

function ifThere<Found>(find: () => Found): Found | undefined {
  try {
    return find();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The key of the directory that a key is in; `""`: the top. */
function directoryOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf("/")));
}

/** Removes the directories above a key as far as they are empty; the key of the one that is left. */
function removeEmptyAbove(key: string, look: Destination["look"]): string {
  let directory = directoryOf(key);
  for (; directory !== ""; directory = directoryOf(directory)) {
    const place = look(directory);
    if (place !== undefined && !removeDirectory(place.path)) break;
  }
  return directory;
}

/** Removes a directory, or finds it gone; `false`: it is not empty. */
function removeDirectory(path: string): boolean {
  try {
    rmdirSync(path);
  } catch (error) {
    if (hasSystemCode(error, ["ENOTEMPTY", "EEXIST"])) return false;
    if (systemCode(error) !== "ENOENT") throw error;
  }
  return true;
}

/** What others use, or what cannot be removed, is in nobody's way; what went wrong before is to be told, and not this. */
function removeIfPossible(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Left to the next who opens the place.
  }
}

/** The directories in which this thread has looked for what others left. */
const tidied = new Set<string>();

/** Removes the temporary files of those who were killed, but what can be gone on with; what cannot be removed is in nobody's way. */
function removeAbandoned(top: HeldDirectory): void {
  let temporary: HeldDirectory | undefined;
  try {
    temporary = descend(top, TEMPORARY, enter);
    for (const name of readdirSync(temporary.path)) {
      const path = join(temporary.path, name);
      if (isUseless(name, Date.now() - lstatSync(path).mtimeMs)) unlinkSync(path);
    }
  } catch {
    // There is none, or it is another user's, or others remove the same just now.
  } finally {
    temporary?.close();
  }
}

/** Opens a directory on the way to `directory`. */
type Step = (path: string, directory: string) => HeldDirectory;

/** Goes down component by component. */
function descend(top: HeldDirectory, directory: string, step: Step): HeldDirectory {
  let current = top;
  for (const part of directory.split("/")) {
    const parent = current;
    try {
      current = step(join(parent.path, requireName(part)), directory);
    } finally {
      if (parent !== top) parent.close();
    }
  }
  return current;
}

function enterOrMake(path: string, directory: string): HeldDirectory {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  return enter(path, directory);
}

function enter(path: string, directory: string): HeldDirectory {
  try {
    return holdDirectory(path);
  } catch (error) {
    // O_NOFOLLOW | O_DIRECTORY says ENOTDIR of a link as well as of a file.
    if (hasSystemCode(error, ["ENOTDIR", "ELOOP"])) throw notDirectory(path, directory, error);
    throw error;
  }
}

function notDirectory(path: string, directory: string, cause?: unknown): T4Error {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    return new T4Error("ERR_T4_CONFLICT", `A file stands where the directory ${JSON.stringify(directory)} should be.`, {
      hint: "Move it away first.",
      facts: { directory },
      cause,
    });
  }
  return new T4Error(
    "ERR_T4_UNSAFE",
    `A part of ${JSON.stringify(directory)} below the destination is a link or a file, not a directory.`,
    {
      hint: "Remove it, or install into another directory; links are never followed.",
      facts: { directory },
      cause,
    },
  );
}

function requireName(part: string): string {
  if (
    part !== "" &&
    part !== "." &&
    part !== ".." &&
    !/[/\0]/.test(part) &&
    !(process.platform === "win32" && /[\\:]/.test(part))
  )
    return part;
  throw new T4Error("ERR_T4_UNSAFE", `Refused to write ${JSON.stringify(part)} as a file name.`, {
    hint: "The package holds a key that would leave its directory.",
  });
}
