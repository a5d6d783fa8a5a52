import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "../base/io-error.js";
import { locations } from "../config/locations.js";
import { currentProcess, isGone, parseProcess } from "../store/file/holder.js";
import { sealRecord } from "../store/sealed-record.js";

/** A directory that only this user can look into, for as long as something is worked on. */
export interface PrivateDirectory {
  readonly path: string;
  remove(): void;
}

/** Says whose the directory is. */
const OWNER = "owner";
/** A directory that does not say whose it is was just made, or its maker died within a moment. */
const UNOWNED_MS = 24 * 3600 * 1000;

const open = new Set<string>();

/**
 * Makes a directory for files of a kind in the user's cache, which lies on a disk where `/tmp` may be memory, and removes those of
 * processes that were killed.
 *
 * It is removed when this process ends, however it ends; after a kill or a power cut, by the next one that makes one.
 */
export function makePrivateDirectory(kind: "sql" | "rows"): PrivateDirectory {
  const parent = join(locations().cache, kind);
  const path = join(parent, randomUUID());
  try {
    mkdirSync(parent, { recursive: true });
    removeAbandoned(parent);
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, OWNER), sealRecord(currentProcess()));
  } catch (error) {
    throw ioError(`make the directory ${path}`, error);
  }
  if (open.size === 0) process.on("exit", removeAll);
  open.add(path);
  return {
    path,
    remove() {
      open.delete(path);
      if (open.size === 0) process.off("exit", removeAll);
      removeQuietly(path);
    },
  };
}

function removeAll(): void {
  for (const path of open) removeQuietly(path);
}

/** Directories of this machine's processes that are gone. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (!open.has(path) && isAbandoned(path)) removeQuietly(path);
  }
}

function isAbandoned(path: string): boolean {
  try {
    const owner = parseProcess(readFileSync(join(path, OWNER)));
    return owner === undefined ? isOld(path) : isGone(owner);
  } catch {
    // Another process removes it, or has just made it.
    return isOld(path);
  }
}

function isOld(path: string): boolean {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > UNOWNED_MS;
}

/** What cannot be removed now is removed by the next one. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It is in the cache, where nothing lasts.
  }
}
