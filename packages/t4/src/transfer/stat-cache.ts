import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { changedMs, type Stamp } from "./stamp.js";

/** A hash that is known of a file as long as its stamp stays. */
export interface KnownHash {
  readonly type: string;
  readonly value: string;
}

/**
 * Remembers the hashes of local files by their stamps.
 *
 * A file that was changed so shortly before its hash was taken that the clock may not show the next change is never
 * remembered: git's rule for racily clean files.
 */
export interface StatCache {
  /** The hash of the file as it is now, if it is known. */
  lookup(path: string, stamp: Stamp): KnownHash | undefined;
  /** Takes down a hash; `hashedAtMs` is when reading ended. */
  record(path: string, known: { readonly stamp: Stamp; readonly hash: KnownHash; readonly hashedAtMs: number }): void;
  /** Writes the cache, atomically; a cache that cannot be written is no error. */
  save(): void;
}

/** File systems keep times in steps of up to two seconds (FAT); most are finer, but a wrong hash would be forever. */
const RACY_MS = 2500;
const VERSION = "t4 stat cache 2";

/** Opens the cache in a file; one that is absent, damaged or of another version is empty. */
export function openStatCache(file: string): StatCache {
  const entries = readCache(file);
  let isChanged = false;
  return {
    lookup(path, stamp) {
      const line = entries.get(path);
      if (line === undefined) return undefined;
      const [found, type = "", value = ""] = line.split(" ");
      return found === encodeStamp(stamp) ? { type, value } : undefined;
    },
    record(path, { stamp, hash, hashedAtMs }) {
      if (hashedAtMs - changedMs(stamp) < RACY_MS) return;
      entries.set(path, `${encodeStamp(stamp)} ${hash.type} ${hash.value}`);
      isChanged = true;
    },
    save() {
      if (isChanged) writeCache(file, entries);
      isChanged = false;
    },
  };
}

function encodeStamp(stamp: Stamp): string {
  return [stamp.size, stamp.mtimeMs, stamp.ctimeMs, stamp.inode, stamp.device].join(",");
}

function readCache(file: string): Map<string, string> {
  const entries = new Map<string, string>();
  const text = readIfPresent(file);
  const end = text.lastIndexOf("\n", text.length - 2) + 1;
  const body = text.slice(0, end);
  // A checksum at the end: a torn or bent cache must not vouch for any file.
  if (!body.startsWith(VERSION) || text.slice(end) !== `${digestOf(body)}\n`) return entries;
  for (const line of body.split("\n").slice(1, -1)) {
    const tab = line.indexOf("\t");
    entries.set(JSON.parse(line.slice(tab + 1)) as string, line.slice(0, tab));
  }
  return entries;
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Only speed is lost: a home that cannot be read must not fail a build either.
    return "";
  }
}

function writeCache(file: string, entries: ReadonlyMap<string, string>): void {
  const lines = Array.from(entries, ([path, line]) => `${line}\t${JSON.stringify(path)}\n`);
  const body = `${VERSION}\n${lines.join("")}`;
  const temporary = `${file}.${randomUUID()}`;
  // Only speed is lost: a full disk or a read-only home must not fail a build.
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch {
    return;
  }
  try {
    writeFileSync(temporary, `${body}${digestOf(body)}\n`);
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
