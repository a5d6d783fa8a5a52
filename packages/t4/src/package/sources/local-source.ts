import { lstatSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isAbsent, T4Error } from "../../base/errors.js";
import { unexpected } from "../../base/unexpected.js";
import { locations } from "../../config/locations.js";
import { type Entry, NO_META } from "../../format/entry.js";
import { fileUrl, parsePhysicalKey } from "../../format/physical-key.js";
import { fixUrl } from "../../format/user-url.js";
import { stampOf } from "../../transfer/stamp.js";

/** An entry without its place in a package. */
export type Source = Omit<Entry, "logicalKey">;

/** The absolute local path that a user's path or URL means. */
export function pathOf(location: string): string {
  if (typeof location !== "string") throw unexpected(location, "a path");
  const key = parsePhysicalKey(fixUrl(location, { cwd: process.cwd(), home: locations().home }));
  if (key.kind === "file") return resolve(key.path);
  throw new T4Error("ERR_T4_UNSUPPORTED", `Cannot use ${location}: it is no file or directory of this machine.`, {
    hint: "Give a path or a file:// URL. Objects of a bucket come with the package that has them: set an entry of that.",
    facts: { location },
  });
}

/** Whether what the user named is in a bucket. */
export function isInBucket(location: string): boolean {
  return /^s3:\/\//i.test(location);
}

/** A local file as it is now; a link's target stands for the link. */
export function localSource(location: string): Source {
  const path = pathOf(location);
  try {
    const real = lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
    const stat = statSync(real);
    if (stat.isFile()) {
      const stamp = stampOf(stat);
      return { physicalKeys: [fileUrl(real)], size: stamp.size, hash: null, meta: NO_META, stamp };
    }
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
    throw new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, {
      hint: "Check the path; a relative one starts at the working directory.",
      facts: { path },
      cause,
    });
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `${path} is not a regular file.`, {
    hint: "Use setDir for a directory.",
    facts: { path },
  });
}

/** Content in memory, by what it is given as. */
export const memorySource = { ofBytes, ofText, ofJson };

/** They are copied; a Buffer's own `slice` would not do it. */
function ofBytes(bytes: Uint8Array): Source {
  if (!(bytes instanceof Uint8Array)) throw unexpected(bytes, "bytes (a Uint8Array)");
  const content = new Uint8Array(bytes);
  return { physicalKeys: [], size: content.length, hash: null, meta: NO_META, content };
}

function ofText(text: string): Source {
  if (typeof text !== "string") throw unexpected(text, "text");
  return ofBytes(new TextEncoder().encode(text));
}

/** @throws {@link T4Error} `ERR_T4_USAGE` for what JSON cannot hold. */
function ofJson(value: unknown): Source {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return ofText(text);
  const reason = cause instanceof Error ? cause.message.split("\n", 1)[0] : `it is ${typeof value}`;
  throw new T4Error("ERR_T4_USAGE", `Cannot write the value as JSON: ${reason}.`, {
    hint: "JSON holds null, booleans, numbers, strings, arrays and plain objects.",
    cause,
  });
}

/** An entry of another package: its file is now this user's choice, so it is taken as it is. */
export function adoptedSource(entry: Entry): Source {
  const [url = ""] = entry.physicalKeys;
  if (entry.stamp !== undefined || entry.content !== undefined || !url.startsWith("file:")) return entry;
  return { ...localSource(url), hash: entry.hash, size: entry.size, meta: entry.meta };
}
