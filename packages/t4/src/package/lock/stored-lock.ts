import { resolve } from "node:path";
import { isT4Error, systemCode, T4Error } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { nearest } from "../../base/nearest.js";
import { waitForFile } from "../../store/file/own-file.js";
import { readRegularText } from "../../store/file/regular-file.js";
import { replaceFileBy } from "../../store/file/replace-file.js";
import type { Pin } from "./lock.js";
import { formatLock, type LockedPackage, type LockedPackages, parseLock, unreadable } from "./lock-file.js";
import { registryAt } from "./lock-places.js";

/** What is larger pins thousands of packages, and is no lock file. */
const MAX_LOCK_BYTES = 1 << 20;

/** A lock file that is there or will be. */
export interface LockPlace {
  readonly path: string;
  /** The directory that its paths start from. */
  readonly directory: string;
}

/** Reads a lock file; one that is not there pins nothing. */
export async function readLock({ path }: LockPlace): Promise<LockedPackages> {
  try {
    return await parseLock(readRegularText(path, MAX_LOCK_BYTES), path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return new Map();
    if (isT4Error(error, "ERR_T4_INTEGRITY")) throw unreadable(path, error.message);
    throw ioError(`read the lock file ${path}`, error);
  }
}

/**
 * Writes some pins. The others are read at the last moment, while no other command of T4 writes the file: what it changed meanwhile stays.
 *
 * @throws {@link T4Error} `ERR_T4_BUSY` when others wrote for 30 s.
 */
export async function writePins(place: LockPlace, pins: readonly LockedPackage[]): Promise<void> {
  const changed = pins.map((pin) => [pin.name, pin] as const);
  try {
    const own = await waitForFile(`${place.path}.busy`);
    try {
      const text = await formatLock(new Map([...(await readLock(place)), ...changed]));
      replaceFileBy(place.path, [Buffer.from(text)], { isFlushed: true });
    } finally {
      own.release();
    }
  } catch (error) {
    throw ioError(`write the lock file ${place.path}`, error);
  }
}

/** What a pin means to this process. */
export function pinOf(locked: LockedPackage, { directory }: LockPlace): Pin {
  const { name, topHash, manifest: manifestDigest } = locked;
  const dest = locked.dest === undefined ? undefined : resolve(directory, locked.dest);
  return { name, registry: registryAt(locked.registry, directory), topHash, manifestDigest, dest };
}

/** @throws {@link T4Error} `ERR_T4_NOT_FOUND`. */
export function requireLocked(packages: LockedPackages, name: string, { path }: LockPlace): LockedPackage {
  const locked = packages.get(name);
  if (locked !== undefined) return locked;
  const near = nearest(name, [...packages.keys()]);
  throw new T4Error("ERR_T4_NOT_FOUND", `${name} is not pinned in ${path}.`, {
    hint: near === undefined ? `t4 add ${name} pins it.` : `Did you mean ${near}? t4 add pins another package.`,
    facts: { name, path },
  });
}

/** The pin of a package. */
export async function requirePin(place: LockPlace, name: string): Promise<Pin> {
  return pinOf(requireLocked(await readLock(place), name, place), place);
}
