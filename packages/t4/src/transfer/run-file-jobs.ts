import { availableParallelism } from "node:os";
import { mapConcurrent } from "../base/concurrency.js";
import { openExecutor } from "./executor.js";
import type { Job, JobResult, OnDone } from "./file-job.js";
import { addDirectories, flushDirectories } from "./flush.js";
import { cutBatches, type ItemJob, type JobBatch } from "./job-batches.js";
import { noteChunks } from "./known-chunks.js";

/** An item with the result of its job, if it had one. */
export interface FinishedItem<Item> extends ItemJob<Item> {
  readonly result?: JobResult;
}

/** Options of {@link runFileJobs}. */
export interface RunFileJobsOptions {
  readonly signal?: AbortSignal;
  /** Told how many more files are done and bytes were read: by threads about ten times a second, else for every file. */
  readonly onDone?: OnDone;
}

/**
 * Does the jobs of items on all cores and yields the items batch by batch, in order; items without a job pass through.
 * Jobs that wait for a network are done in this thread, many at once.
 *
 * Threads start only when there is enough to do. When a job fails or the reader breaks off, batches that have begun are
 * stopped, the rest is not begun, and no temporary file is left. Memory is bounded by a few batches. Bytes are on the
 * disk when a batch is yielded, names when the iteration has ended.
 *
 * @throws the first failed job's error; `signal.reason` when aborted.
 */
export async function* runFileJobs<Item>(
  items: Iterable<Item>,
  jobOf: (item: Item) => Job | undefined,
  { signal, onDone }: RunFileJobsOptions = {},
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  const named = new Set<string>();
  const executor = openExecutor(onDone);
  const run = async (batch: JobBatch<Item>, batchSignal: AbortSignal): Promise<readonly FinishedItem<Item>[]> =>
    pair(batch, await executor.run(batch.jobs, batchSignal));
  // Two batches per core: none waits for the other's answer.
  const options = { concurrency: availableParallelism() * 2, ...(signal && { signal }) };
  try {
    for await (const finished of mapConcurrent(cutBatches(items, jobOf), run, options)) {
      for (const { job, result } of finished) {
        noteDirectories(job, result, named);
        if (result !== undefined) noteChunks(result);
      }
      yield finished;
    }
  } finally {
    await executor.close();
  }
  flushDirectories(named);
}

/**
 * Notes the directories of a name that has to last: one that a job made, or that it found, as whoever made it may have been
 * killed before he flushed it.
 */
function noteDirectories(job: Job | undefined, result: JobResult | undefined, named: Set<string>): void {
  const isThere = result?.outcome === "done" || result?.outcome === "already";
  if (!isThere || result.path === undefined || job === undefined || job.kind === "hash" || job.kind === "upload")
    return;
  if (job.kind === "install" && job.isDryRun === true) return;
  addDirectories(named, { path: result.path, root: job.kind === "store" ? job.objects : job.root });
}

function pair<Item>({ items }: JobBatch<Item>, results: readonly JobResult[]): FinishedItem<Item>[] {
  let next = 0;
  return items.map((each) => (each.job === undefined ? each : { ...each, result: results[next++] as JobResult }));
}
