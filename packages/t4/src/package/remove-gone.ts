import { rmdirSync, unlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { unsafeKeyReason } from "../format/portable-key.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { PackageTree } from "../manifest/package-tree.js";
import { type Destination, openDestination } from "../transfer/destination.js";
import { readSource } from "../transfer/read-source.js";
import { PLATFORM } from "./platform.js";
import { expectationOf } from "./resolve-entries.js";

/** What was in a directory before and what is to stay. */
export interface RemoveGoneRequest {
  readonly tree: PackageTree;
  readonly before: PackageTree;
  readonly dest: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Removes files that were installed before, are unchanged, and are no longer in the package; returns their keys. */
export function removeGone({ tree, before, dest, dryRun = false, signal }: RemoveGoneRequest): string[] {
  const removed: string[] = [];
  let destination: Destination | undefined;
  try {
    for (const { logicalKey, left: entry, right: now } of pairEntries(before.entries(), tree.entries())) {
      signal?.throwIfAborted();
      if (entry === undefined || now !== undefined || unsafeKeyReason(logicalKey, PLATFORM) !== undefined) continue;
      const path = join(dest, logicalKey);
      if (!isUnchanged(path, entry)) continue;
      removed.push(logicalKey);
      if (dryRun) continue;
      destination ??= openDestination(resolve(dest));
      unlinkSync(destination.place(logicalKey).path);
      removeEmptyDirectories(dirname(path), dest);
    }
    return removed;
  } finally {
    destination?.close();
  }
}

function isUnchanged(path: string, entry: Entry): boolean {
  const expected = expectationOf(entry);
  if (expected === undefined) return false;
  try {
    const read = readSource({ path }, [expected.type]);
    return read.size === expected.size && read.values[expected.type] === expected.value;
  } catch (error) {
    if (error instanceof T4Error && error.code === "ERR_T4_NOT_FOUND") return false;
    throw error;
  }
}

function removeEmptyDirectories(directory: string, root: string): void {
  for (let current = directory; current !== root && current.startsWith(root); current = dirname(current)) {
    try {
      rmdirSync(current);
    } catch (error) {
      if (systemCode(error) === "ENOTEMPTY" || systemCode(error) === "EEXIST") return;
      throw error;
    }
  }
}
