import { T4Error } from "../base/errors.js";
import { requireText } from "../base/unexpected.js";
import { fileUrl } from "./physical-key.js";

/** What {@link fixUrl} resolves relative input against. */
export interface UrlContext {
  /** The working directory, absolute. */
  readonly cwd: string;
  /** The user's home directory, for `~`. */
  readonly home: string;
}

/**
 * Turns what a user types for a place, a URL or a path, into a URL: `./data` becomes
 * `file:///…/data`, `~/x` is below home, `s3://bucket/key` stays. A trailing slash is kept.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for an empty text, as an unset variable gives it: it would be the working directory.
 */
export function fixUrl(input: string, context: UrlContext): string {
  requireText(input, "a path or URL");
  if (input === "") {
    throw new T4Error("ERR_T4_USAGE", "A path is empty.", {
      hint: "Is a variable not set? The working directory is . (a dot).",
    });
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(input)) return input;
  const path = input === "~" || input.startsWith("~/") ? context.home + input.slice(1) : input;
  const absolute = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path) ? path : `${context.cwd}/${path}`;
  return fileUrl(normalPath(absolute));
}

/** Resolves `.` and `..` and doubled slashes; a trailing slash is kept. A backslash separates only in Windows paths. */
function normalPath(path: string): string {
  const windows = /^(?:[A-Za-z]:|\\\\)/.test(path);
  const parts: string[] = [];
  for (const part of path.split(windows ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const end = path.endsWith("/") && parts.length > 0 ? "/" : "";
  return (/^[A-Za-z]:/.test(path) ? "" : "/") + parts.join("/") + end;
}
