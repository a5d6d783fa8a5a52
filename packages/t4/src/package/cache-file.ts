import { createHash } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { locations } from "../config/locations.js";
import { replaceFileBy } from "../store/file/replace-file.js";

/** Where the user's cache keeps something of a kind, whatever characters its name has. */
export function cachePath(kind: string, name: string): string {
  return join(locations().cache, kind, createHash("sha256").update(name).digest("hex"));
}

/** Reads a file of the user's cache whole; one that cannot be read is none: only speed is lost. */
export function readCacheFile(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = new Uint8Array(fstatSync(file).size);
      for (let at = 0; at < bytes.length; ) {
        const count = readSync(file, bytes, at, bytes.length - at, at);
        if (count === 0) return undefined;
        at += count;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  } catch {
    // A home that cannot be read must not fail a build either.
    return undefined;
  }
}

/** Writes a file of the user's cache, atomically; a full disk or a read-only home must fail nothing, so that it cannot is no error. */
export function writeCacheFile(path: string, parts: readonly Uint8Array[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFileBy(path, parts);
  } catch {
    // What is written next time may fit.
  }
}

/** Removes the oldest files of a directory of the cache, so that the newest `keep` stay. */
export function pruneCache(directory: string, keep: number): void {
  try {
    const names = readdirSync(directory);
    if (names.length <= keep) return;
    const paths = names.map((name) => join(directory, name));
    const ages = new Map(paths.map((path) => [path, statSync(path).mtimeMs]));
    paths.sort((a, b) => (ages.get(b) as number) - (ages.get(a) as number));
    for (const path of paths.slice(keep)) removeIfThere(path);
  } catch {
    // Another process prunes it, too, or it cannot be read; it is only larger than it should be.
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where its directory is no directory, there is nothing to remove.
  }
}
