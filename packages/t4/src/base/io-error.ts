import { systemCode, T4Error } from "./errors.js";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room and run the same command again; it goes on where it stopped.",
  EDQUOT: "Your quota is used up: make room and run the same command again; it goes on where it stopped.",
  EROFS: "The file system is read-only: choose a place that can be written.",
  EACCES: "You have no permission there: ask its owner, or choose another place.",
  EPERM: "You have no permission there: ask its owner, or choose another place.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n) and run the same command again.",
  ENFILE: "The system has too many files open: run the same command again later.",
  ENOTDIR: "A part of the path is a file where a directory has to be: move it away, or choose another place.",
  EISDIR: "A directory stands where a file has to be: move it away, or choose another place.",
  ENAMETOOLONG: "The file system does not take such long names: shorten the key, or choose another place.",
};

/** Whether this is a system call's failure as Node tells it. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof T4Error) && "syscall" in error && systemCode(error) !== undefined;
}

/**
 * The error for a system call that failed while `doing` something (`"write /data/a.csv"`), with what the user can do.
 *
 * Anything that is no system call's failure, such as a {@link T4Error}, an abort or a bug, is returned as it is.
 */
export function ioError(doing: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  const code = systemCode(cause) ?? "";
  const kind = code === "EACCES" || code === "EPERM" ? "ERR_T4_ACCESS" : "ERR_T4_IO";
  return new T4Error(kind, `Cannot ${doing}: ${cause.message}.`, {
    hint: HINTS[code] ?? "Files that were there are untouched: remove the cause and run the same command again.",
    facts: { system: code },
    cause,
  });
}
