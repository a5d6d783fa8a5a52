import { resolve } from "node:path";
import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import { foldKey, unsafeKeyReason } from "../format/portable-key.js";
import { pairEntries } from "../manifest/merge-runs.js";
import type { PackageTree } from "../manifest/package-tree.js";
import type { Expected, InstallJob } from "../transfer/file-job.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import type { FileAccess } from "./file-access.js";
import { nothingAt } from "./nothing-at.js";
import { PLATFORM } from "./platform.js";
import { removeGone } from "./remove-gone.js";
import { expectationOf, sourceOf } from "./resolve-entries.js";
import { trackProgress } from "./track-progress.js";

/** Which files go where. */
export interface InstallRequest extends LongOperationOptions {
  /** The package's entries. */
  readonly tree: PackageTree;
  readonly access: FileAccess;
  /** Directory that gets them. */
  readonly dest: string;
  /** A directory or file inside the package; `""` for all. */
  readonly path: string;
  /** What the directory was filled with before: files that still are that may be replaced or, if gone since, removed. */
  readonly before?: PackageTree;
  /** Replaces also files that were changed or were there before. */
  readonly overwrite: boolean;
  /** Writes nothing, only tells what it would do. Default `false`. */
  readonly dryRun?: boolean;
}

/** What an install did. */
export interface InstallReport {
  /** Directory that got the files, absolute. */
  readonly directory: string;
  /** Files written. */
  readonly written: number;
  /** Files that were there and right. */
  readonly already: number;
  /** Keys of files that were left alone because they are neither the package's nor what was installed before. */
  readonly kept: readonly string[];
  /** Keys of files that the package no longer has and that were removed, unchanged as they were. */
  readonly removed: readonly string[];
}

/**
 * Writes a package's files below a directory: each is verified while it is copied beside its place, and then renamed.
 *
 * All keys are checked before the first byte is written. If it fails or is broken off, every file is its old or its new
 * self, and the next run goes on.
 */
export async function installFiles(request: InstallRequest): Promise<InstallReport> {
  const entries = selectedEntries(request.tree, request.path);
  checkKeys(entries());
  const progress = trackProgress("copy", request.onProgress, function* () {
    for (const { entry } of entries()) yield entry;
  });
  const report = {
    directory: resolve(request.dest),
    written: 0,
    already: 0,
    kept: [] as string[],
    removed: [] as string[],
  };
  const jobOf = (item: Item): InstallJob => jobFor(item, request);
  const options = { signal: request.signal, onDone: progress.onDone };
  for await (const batch of runFileJobs(withFormer(entries(), request), jobOf, options)) {
    for (const { item, result } of batch) {
      if (result?.outcome === "done") report.written++;
      else if (result?.outcome === "already") report.already++;
      else report.kept.push(item.key);
    }
  }
  const { before, path } = request;
  if (before !== undefined && path === "") report.removed.push(...removeGone({ ...request, before }));
  progress.end();
  return report;
}

interface Selected {
  readonly logicalKey: string;
  readonly entry: Entry;
  /** Path below the destination. */
  readonly key: string;
}

interface Item extends Selected {
  /** What the directory got of it before. */
  readonly former: Entry | undefined;
}

function* withFormer(
  entries: Iterable<Selected>,
  { before, path }: Pick<InstallRequest, "before" | "path">,
): Generator<Item, void, undefined> {
  const isFile = path !== "" && before?.get(path) !== undefined;
  const directory = isFile ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) : path;
  for (const { left, right } of pairEntries(entries, before?.entries(directory) ?? [])) {
    if (left !== undefined) yield { ...left, former: right };
  }
}

/** The entries of a path: a directory's with keys relative to it, a file by its own name. */
function selectedEntries(tree: PackageTree, path: string): () => Iterable<Selected> {
  const file = path === "" ? undefined : tree.get(path);
  if (file !== undefined) return () => [{ logicalKey: path, entry: file, key: path.slice(path.lastIndexOf("/") + 1) }];
  if (!tree.isDirectory(path)) throw nothingAt(tree, path);
  const skip = path === "" ? 0 : path.length + 1;
  return function* () {
    for (const entry of tree.entries(path))
      yield { logicalKey: entry.logicalKey, entry, key: entry.logicalKey.slice(skip) };
  };
}

/** macOS and Windows fold names; elsewhere two such names are two files. */
const FOLDS_NAMES = PLATFORM !== "posix";

/** Refuses keys that would leave the directory, do harm in it, or fall together. */
function checkKeys(entries: Iterable<Selected>): void {
  const folded = new Map<string, string>();
  for (const { key } of entries) {
    const reason = unsafeKeyReason(key, PLATFORM);
    if (reason !== undefined) {
      throw new T4Error("ERR_T4_UNSAFE", `Refused to install ${JSON.stringify(key)}: ${reason}. Nothing was written.`, {
        hint: "Do not trust this package; its other files can be installed by path.",
        facts: { logicalKey: key },
      });
    }
    if (!FOLDS_NAMES) continue;
    const twin = folded.get(foldKey(key));
    if (twin !== undefined) {
      throw new T4Error(
        "ERR_T4_UNSAFE",
        `Refused to install ${JSON.stringify(key)} and ${JSON.stringify(twin)}: they are one file on this system. Nothing was written.`,
        {
          facts: { logicalKey: key, other: twin },
        },
      );
    }
    folded.set(foldKey(key), key);
  }
}

function jobFor({ entry, key, former }: Item, request: InstallRequest): InstallJob {
  const expected = expectationOf(entry);
  if (expected === undefined) {
    throw new T4Error(
      "ERR_T4_INTEGRITY",
      `Cannot verify ${JSON.stringify(entry.logicalKey)}: it has ${entry.hash === null ? "no hash" : `a hash of the unknown type ${entry.hash.type}`}.`,
      {
        facts: { logicalKey: entry.logicalKey },
      },
    );
  }
  const replaceable = request.overwrite ? "any" : claimsOf(former);
  const { dest, dryRun: isDryRun } = request;
  return {
    kind: "install",
    source: sourceOf(entry, request),
    expected,
    root: resolve(dest),
    key,
    replaceable,
    isDryRun,
  };
}

function claimsOf(entry: Entry | undefined): readonly Expected[] {
  const expected = entry === undefined ? undefined : expectationOf(entry);
  return expected === undefined ? [] : [expected];
}
