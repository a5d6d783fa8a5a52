import type { LongOperationOptions } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import type { PackageTree } from "../manifest/package-tree.js";
import { runFileJobs } from "../transfer/run-file-jobs.js";
import { type WalkedFile, walkDirectory } from "../transfer/walk-directory.js";
import { expectationOf } from "./resolve-entries.js";
import { trackProgress } from "./track-progress.js";

/** Options of {@link verifyDirectory}. */
export interface VerifyOptions extends LongOperationOptions {
  /** Files that the package has not do not count as differences. Default `false`. */
  readonly extraFilesOk?: boolean;
}

/** How a directory differs from a package. */
export interface VerifyReport {
  /** Whether every file is there with exactly the package's bytes, and (unless allowed) no other. */
  readonly ok: boolean;
  /** Files checked. */
  readonly checked: number;
  /** Logical keys without a file. */
  readonly missing: readonly string[];
  /** Logical keys whose file holds other bytes. */
  readonly modified: readonly string[];
  /** Files without an entry. */
  readonly extra: readonly string[];
  /** Logical keys whose hash cannot be computed or is absent. */
  readonly unverifiable: readonly string[];
}

/**
 * Compares a directory's files with a package, reading every byte; metadata does not count.
 *
 * Costs one read of all files whose size is right.
 */
export async function verifyDirectory(
  tree: PackageTree,
  directory: string,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const found = {
    missing: [] as string[],
    modified: [] as string[],
    extra: [] as string[],
    unverifiable: [] as string[],
  };
  const progress = trackProgress("verify", options.onProgress);
  const walkOptions = { signal: options.signal };
  let checked = 0;
  const pairs = pairFiles(tree.entries(), walkDirectory(directory, walkOptions));
  const candidates = function* (): Generator<Required<Pair>, void, undefined> {
    for (const { entry, file } of pairs) {
      if (entry === undefined) found.extra.push(file?.key ?? "");
      else if (file === undefined) found.missing.push(entry.logicalKey);
      else if (expectationOf(entry) === undefined) found.unverifiable.push(entry.logicalKey);
      else if (file.stamp.size !== entry.size) found.modified.push(entry.logicalKey);
      else yield { entry, file };
    }
  };
  const jobOf = ({ entry, file }: Required<Pair>) => {
    const expected = expectationOf(entry);
    return (
      expected && ({ kind: "hash", source: { path: file.path, stamp: file.stamp }, types: [expected.type] } as const)
    );
  };
  for await (const batch of runFileJobs(candidates(), jobOf, walkOptions)) {
    for (const { item, result } of batch) {
      const expected = expectationOf(item.entry);
      checked++;
      if (expected !== undefined && result?.values[expected.type] !== expected.value)
        found.modified.push(item.entry.logicalKey);
      progress.add(1, result?.size ?? 0);
    }
  }
  progress.end();
  const differences = found.missing.length + found.modified.length + found.unverifiable.length;
  const ok = differences === 0 && (options.extraFilesOk === true || found.extra.length === 0);
  found.modified.sort(compareLogicalKeys);
  return { ok, checked, ...found, ...(options.extraFilesOk === true ? { extra: [] } : {}) };
}

interface Pair {
  readonly entry?: Entry;
  readonly file?: WalkedFile;
}

function* pairFiles(entries: Iterable<Entry>, files: Iterable<WalkedFile>): Generator<Pair, void, undefined> {
  const rest = files[Symbol.iterator]();
  let file = rest.next();
  for (const entry of entries) {
    while (!file.done && compareLogicalKeys(file.value.key, entry.logicalKey) < 0) {
      yield { file: file.value };
      file = rest.next();
    }
    if (!file.done && file.value.key === entry.logicalKey) {
      yield { entry, file: file.value };
      file = rest.next();
    } else yield { entry };
  }
  for (; !file.done; file = rest.next()) yield { file: file.value };
}
