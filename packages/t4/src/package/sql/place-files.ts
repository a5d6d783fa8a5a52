import { join } from "node:path";
import type { LongOperationOptions } from "../../base/progress.js";
import type { Entry } from "../../format/entry.js";
import type { InstallJob, Source } from "../../transfer/file-job.js";
import { runFileJobs } from "../../transfer/run-file-jobs.js";
import { requireExpectation } from "../places/entry-expectation.js";
import { extensionOf, sourceOf } from "../places/entry-job.js";
import { trackProgress } from "../track-progress.js";
import type { FileTable } from "./package-tables.js";
import { type Reader, readerOf } from "./table-format.js";

/** A table whose file is in a private directory, verified. */
export interface PlacedTable {
  readonly name: string;
  /** Absolute path of the file. */
  readonly path: string;
  /** What its package says of it. */
  readonly entry: Entry;
  /** How DuckDB reads it; `undefined`: T4 has to. */
  readonly reader: Reader | undefined;
}

/**
 * Copies the files of tables into a directory, each verified on the way: nobody can change what is read after that.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` for other bytes than the package says, `ERR_T4_UNSUPPORTED`, before
 * anything is copied, for what is no table.
 */
export async function placeFiles(
  tables: readonly FileTable[],
  directory: string,
  { signal, onProgress }: LongOperationOptions,
): Promise<PlacedTable[]> {
  const placed = tables.map(({ name, entry }, i) => {
    // A name of ours: what a stranger called the file means nothing to the system.
    const key = `${i}${extensionOf(entry)}`;
    const path = join(directory, key);
    return { name, key, path, entry, reader: readerOf(entry.logicalKey) };
  });
  for (const { entry, reader } of placed) if (reader === undefined) await requireReadable(entry);
  const progress = trackProgress("copy", onProgress, () => tables.map(({ entry }) => entry));
  const jobOf = (i: number): InstallJob<Source> => {
    const { entry, access } = tables[i] as FileTable;
    const expected = requireExpectation(entry);
    return {
      kind: "install",
      source: sourceOf(entry, { access }),
      expected,
      root: directory,
      key: placed[i]?.key ?? "",
    };
  };
  for await (const _ of runFileJobs(tables.keys(), jobOf, { signal, onDone: progress.onDone }));
  progress.end();
  return placed;
}

/** What reads tables is loaded where a statement needs it. */
async function requireReadable(entry: Entry): Promise<void> {
  const { requireTableFile } = await import("./fill-file.js");
  requireTableFile(entry);
}
