import { lstatSync, type Stats, unlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { isAbsent, systemCode } from "../../base/errors.js";
import { keyFault } from "../../format/portable-key.js";
import { type Destination, openDestination } from "../../transfer/destination.js";
import { fulfils } from "../../transfer/expectation.js";
import type { Expected } from "../../transfer/file-job.js";
import { flushDirectories } from "../../transfer/flush.js";
import { readSource } from "../../transfer/read-source.js";
import type { ThreeWay } from "../changes/three-way.js";
import { PLATFORM } from "./platform.js";

/** How files that a package no longer has are removed. */
export interface RemoveGoneRequest {
  readonly dest: string;
  /** The path of a file below the destination. */
  readonly keyOf: (logicalKey: string) => string;
  /** Removes also those that were changed here. */
  readonly overwrite: boolean;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** The files that the package no longer has, by what became of them; those that were gone already are in neither list. */
export interface Gone {
  readonly removed: readonly ThreeWay[];
  /** Changed here, and therefore kept. */
  readonly kept: readonly ThreeWay[];
}

/**
 * Removes files that were installed before, are unchanged, and are no longer in the package.
 *
 * This comes before anything is written: a file may stand where the package now has a directory, or the reverse. That
 * they are gone is on the disk when it returns.
 */
export function removeGone(ways: Iterable<ThreeWay>, request: RemoveGoneRequest): Gone {
  const { dest, keyOf, dryRun = false, signal } = request;
  const gone = { removed: [] as ThreeWay[], kept: [] as ThreeWay[] };
  const changed = new Set<string>();
  let destination: Destination | undefined;
  try {
    for (const way of ways) {
      signal?.throwIfAborted();
      const key = keyOf(way.logicalKey);
      const fate = fateOf(way, { ...request, key });
      if (fate !== "absent") gone[fate].push(way);
      if (fate !== "removed" || dryRun) continue;
      destination ??= openDestination(resolve(dest));
      const place = destination.look(key);
      if (place !== undefined) removeFile(place.path);
      changed.add(join(dest, destination.removeEmpty(key)));
    }
    flushDirectories(changed);
    return gone;
  } finally {
    destination?.close();
  }
}

/** What becomes of a file; one that the package has still, or never had, is not ours to look at. */
function fateOf(
  { theirs, ancestor, unchanged }: ThreeWay,
  { dest, key, overwrite }: RemoveGoneRequest & { readonly key: string },
): keyof Gone | "absent" {
  if (theirs !== undefined || keyFault(key, PLATFORM) !== undefined) return "absent";
  const path = join(dest, key);
  const stat = statusOf(path);
  if (stat === undefined) return "absent";
  if (isUnchanged(path, stat, unchanged)) return "removed";
  if (ancestor === undefined) return "absent";
  return overwrite ? "removed" : "kept";
}

/** What stands in a file's place; a directory there means that the file is gone. */
function statusOf(path: string): Stats | undefined {
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() ? undefined : stat;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isUnchanged(path: string, stat: Stats, claims: readonly Expected[]): boolean {
  const possible = claims.filter(({ size }) => stat.isFile() && size === stat.size);
  if (possible.length === 0) return false;
  const read = readSource({ path }, [...new Set(possible.map(({ type }) => type))]);
  return possible.some((claim) => fulfils(read, claim));
}

/** Another process that does the same may have been faster. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}
