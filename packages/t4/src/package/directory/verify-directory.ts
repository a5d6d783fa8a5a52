import type { LongOperationOptions } from "../../base/progress.js";
import type { Entry } from "../../format/entry.js";
import { compareLogicalKeys } from "../../format/logical-key.js";
import { pairEntries } from "../../manifest/merge-runs.js";
import type { PackageTree } from "../../manifest/package-tree.js";
import type { Expected, FileJob } from "../../transfer/file-job.js";
import { runFileJobs } from "../../transfer/run-file-jobs.js";
import { type WalkedFile, walkDirectory } from "../../transfer/walk-directory.js";
import { expectationOf } from "../places/entry-expectation.js";
import { forgetHashes } from "../scan/scan-directory.js";
import { trackedIn } from "../scan/set-directory.js";
import { trackProgress } from "../track-progress.js";

/** Options of `Package.verify`. */
export interface VerifyOptions extends LongOperationOptions {
  /** Files that the package has not do not count as differences. Default `false`. */
  readonly extraFilesOk?: boolean;
}

/** How a directory differs from a package. */
export interface VerifyReport {
  /** Whether every file is there with exactly the package's bytes, and (unless allowed) no other. */
  readonly ok: boolean;
  /** Number of files that were read and compared; files of another size need no reading. */
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

/** Found differences by kind. */
type Differences = Readonly<Record<"missing" | "modified" | "extra" | "unverifiable", string[]>>;

/** A file that has to be read to know whether it is right. */
interface Candidate {
  readonly logicalKey: string;
  readonly file: WalkedFile;
  readonly expected: Expected;
}

/**
 * Compares a directory's files with a package, reading every byte; metadata does not count.
 *
 * Costs one read of all files whose size is right. What scans remember of those that differ is forgotten, so that a push after
 * it sees them.
 */
export async function verifyDirectory(
  tree: PackageTree,
  directory: string,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { signal, extraFilesOk = false } = options;
  const found: Differences = { missing: [], modified: [], extra: [], unverifiable: [] };
  const progress = trackProgress("verify", options.onProgress, () => tree.entries());
  let checked = 0;
  const files = walkDirectory(directory, { tracked: trackedIn(tree), signal });
  const candidates = compare(tree.entries(), { files, found });
  for await (const batch of runFileJobs(candidates, hashJob, { signal, onDone: progress.onDone })) {
    for (const { item, result } of batch) {
      const { expected, logicalKey } = item;
      if (result?.values[expected.type] !== expected.value) found.modified.push(logicalKey);
      checked++;
    }
  }
  progress.end();
  forgetHashes(directory, found.modified);
  found.modified.sort(compareLogicalKeys);
  const extra = extraFilesOk ? [] : found.extra;
  const differences = found.missing.length + found.modified.length + found.unverifiable.length + extra.length;
  return { ok: differences === 0, checked, ...found, extra };
}

function hashJob({ file, expected }: Candidate): FileJob {
  return { kind: "hash", source: { path: file.path, stamp: file.stamp }, types: [expected.type] };
}

/** Notes what differs at a glance and yields the rest. */
function* compare(
  entries: Iterable<Entry>,
  { files, found }: { readonly files: Iterable<WalkedFile>; readonly found: Differences },
): Generator<Candidate, void, undefined> {
  for (const { logicalKey, left: entry, right } of pairEntries(entries, keyed(files))) {
    const expected = entry && expectationOf(entry);
    const file = right?.file;
    if (entry === undefined) found.extra.push(logicalKey);
    else if (file === undefined) found.missing.push(logicalKey);
    else if (expected === undefined) found.unverifiable.push(logicalKey);
    else if (file.stamp.size !== expected.size) found.modified.push(logicalKey);
    else yield { logicalKey, file, expected };
  }
}

function* keyed(
  files: Iterable<WalkedFile>,
): Generator<{ readonly logicalKey: string; readonly file: WalkedFile }, void, undefined> {
  for (const file of files) yield { logicalKey: file.key, file };
}
