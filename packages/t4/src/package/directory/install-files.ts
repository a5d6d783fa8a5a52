import { resolve } from "node:path";
import type { LongOperationOptions } from "../../base/progress.js";
import type { Entry } from "../../format/entry.js";
import { ancestorsOf } from "../../format/logical-key.js";
import type { PackageTree } from "../../manifest/package-tree.js";
import type { InstallJob, Source } from "../../transfer/file-job.js";
import { runFileJobs } from "../../transfer/run-file-jobs.js";
import { type Before, sameBytes, type ThreeWay, threeWays } from "../changes/three-way.js";
import { nothingAt } from "../key-errors.js";
import type { InstallReport } from "../package-options.js";
import type { Ancestor } from "../package-state.js";
import { requireExpectation } from "../places/entry-expectation.js";
import { sourceOf } from "../places/entry-job.js";
import type { FileAccess } from "../sources/file-access.js";
import { trackProgress } from "../track-progress.js";
import { checkKeys } from "./check-keys.js";
import { removeGone } from "./remove-gone.js";

/** Which files go where. */
export interface InstallRequest extends LongOperationOptions {
  /** The package's entries. */
  readonly tree: PackageTree;
  readonly access: FileAccess;
  /** Directory that gets them. */
  readonly dest: string;
  /** A directory or file inside the package; `""` for all. */
  readonly path: string;
  /** Puts the part where the whole package would have it, in place of directly below `dest`. Default `false`. */
  readonly isInPlace?: boolean;
  /** What the directory was filled with before: files that still are that may be replaced or, if gone since, removed. */
  readonly before?: Before;
  /** Replaces or removes also files that were changed or were there before. */
  readonly overwrite: boolean;
  /** Writes nothing, only tells what it would do. Default `false`. */
  readonly dryRun?: boolean;
}

/** What an install did, and what the directory has to remember of it. */
export interface Installed {
  readonly report: InstallReport;
  /** What the files in conflict, and those deleted here, were before, by logical key. */
  readonly ancestors: ReadonlyMap<string, Ancestor>;
}

/**
 * Writes a package's files below a directory: each is verified while it is copied beside its place, and then renamed.
 *
 * All keys are checked before the first byte is written; then unchanged files that the package no longer has are removed,
 * which may stand in the way. If it fails or is broken off, every file is its old or its new self, and the next run goes on.
 */
export async function installFiles(request: InstallRequest): Promise<Installed> {
  const { tree, path, isInPlace = false, before, signal } = request;
  const keyOf = (logicalKey: string): string => keyBelow(logicalKey, isInPlace ? "" : path);
  const entries = (): Iterable<Entry> => entriesAt(tree, path);
  checkKeys(keysOf(entries(), keyOf));
  const progress = trackProgress("copy", request.onProgress, entries);
  const gone = removeGone(threeWays(entries(), before, path), { ...request, keyOf });
  const directory = resolve(request.dest);
  const report = { directory, written: 0, already: 0, kept: [] as string[], conflicts: [] as string[] };
  const ancestors = new Map<string, Ancestor>();
  const keep = ({ logicalKey, theirs, ancestor }: ThreeWay, isDeleted = false): void => {
    const isConflict = !sameBytes(ancestor, theirs);
    report.kept.push(keyOf(logicalKey));
    if (isConflict) report.conflicts.push(keyOf(logicalKey));
    // That a file was deleted is remembered: else the next install would take it for one that is missing.
    if (isConflict || isDeleted) ancestors.set(logicalKey, ancestor);
  };
  for (const way of gone.kept) keep(way);
  const items = itemsOf(threeWays(entries(), before, path), request.dryRun === true ? gone.removed : []);
  const jobOf = (item: Item): InstallJob<Source> | undefined =>
    jobFor(item, { ...request, key: keyOf(item.logicalKey) });
  for await (const batch of runFileJobs(items, jobOf, { signal, onDone: progress.onDone })) {
    for (const { item, result } of batch) {
      if (result?.outcome === "kept" || result?.outcome === "absent") keep(item, result.outcome === "absent");
      else if (result?.outcome === "already") report.already++;
      else report.written++;
    }
  }
  progress.end();
  return { report: { ...report, removed: gone.removed.map(({ logicalKey }) => keyOf(logicalKey)) }, ancestors };
}

/** A file that is to be written. */
interface Item extends ThreeWay {
  readonly theirs: Entry;
  /** Whether a dry run leaves in its way what would be removed. */
  readonly isCleared: boolean;
}

function* itemsOf(ways: Iterable<ThreeWay>, cleared: readonly ThreeWay[]): Generator<Item, void, undefined> {
  const files = new Set(cleared.map(({ logicalKey }) => logicalKey));
  const directories = new Set(cleared.flatMap(({ logicalKey }) => [...ancestorsOf(logicalKey)]));
  const isCleared = (key: string): boolean =>
    files.size > 0 && (directories.has(key) || [...ancestorsOf(key)].some((above) => files.has(above)));
  for (const { theirs, ...way } of ways)
    if (theirs !== undefined) yield { ...way, theirs, isCleared: isCleared(way.logicalKey) };
}

/** The entries of a directory or file of the package. */
function entriesAt(tree: PackageTree, path: string): Iterable<Entry> {
  const file = path === "" ? undefined : tree.get(path);
  if (file !== undefined) return [file];
  if (!tree.isDirectory(path)) throw nothingAt(tree, path);
  return tree.entries(path);
}

function* keysOf(entries: Iterable<Entry>, keyOf: (logicalKey: string) => string): Generator<string, void, undefined> {
  for (const { logicalKey } of entries) yield keyOf(logicalKey);
}

/** The path below the destination: relative to the directory that is installed; a file by its own name. */
function keyBelow(logicalKey: string, path: string): string {
  if (path === "") return logicalKey;
  return logicalKey.slice(logicalKey === path ? path.lastIndexOf("/") + 1 : path.length + 1);
}

function jobFor(item: Item, request: InstallRequest & { readonly key: string }): InstallJob<Source> | undefined {
  const { theirs, isCleared, unchanged, wasThere, logicalKey } = item;
  if (isCleared) return undefined;
  const { dest, key, overwrite, before, dryRun: isDryRun } = request;
  // What the user deleted stays deleted. Only a file that is missing since the same revision was installed is written again,
  // which mends the directory.
  const isDeleted = wasThere && (before?.isSame !== true || before.ancestors.has(logicalKey));
  return {
    kind: "install",
    source: sourceOf(theirs, request),
    expected: requireExpectation(theirs),
    root: resolve(dest),
    key,
    replaceable: overwrite ? "any" : unchanged,
    ifAbsent: isDeleted && !overwrite ? "keep" : "write",
    isDryRun,
  };
}
