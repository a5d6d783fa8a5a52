import type { Lock } from "./lock.js";

/**
 * Opens the lock file of a directory, or of the nearest one above it that has one; otherwise the one that `add` will make in
 * the directory. Nothing is written.
 *
 * A lock file above the directory counts when it is yours or root's.
 *
 * @example
 * ```ts
 * import { openLock } from "t4";
 * const lock = await openLock("./");
 * console.log(lock.path, (await lock.pins()).length);
 * ```
 */
export async function openLock(directory = "."): Promise<Lock> {
  // What few programs use is loaded when it runs.
  return (await import("./lock-of.js")).lockOf(directory);
}
