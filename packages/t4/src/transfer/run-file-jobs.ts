import type { FileJob, JobResult } from "./file-job.js";
import { toError, toFailure } from "./job-message.js";
import { runJobs } from "./run-job.js";
import { startThreads } from "./thread-pool.js";

/** An item with the result of its job, if it had one. */
export interface FinishedItem<Item> {
  readonly item: Item;
  readonly result?: JobResult;
}

/** Options of {@link runFileJobs}. */
export interface RunFileJobsOptions {
  readonly signal?: AbortSignal;
  /** Told how many more bytes were read, about ten times a second. */
  readonly onRead?: (bytes: number) => void;
}

/** A batch ends at so many items, jobs or bytes: enough to share one flush, few enough to hold open. */
const BATCH_ITEMS = 4096;
const BATCH_JOBS = 128;
const BATCH_BYTES = 16 << 20;
/** Below this much work a thread costs more than it brings. */
const ALONE_JOBS = 2000;
const ALONE_BYTES = 32 << 20;
/** Pause between two tellings of what was read. */
const TELL_MS = 100;

interface Batch<Item> {
  readonly items: readonly Item[];
  /** The items' jobs, those that have one. */
  readonly jobs: readonly FileJob[];
  readonly bytes: number;
  /** For each item whether it has a job. */
  readonly hasJob: readonly boolean[];
}

/**
 * Does the jobs of items on all cores and yields the items batch by batch, in order; items without a job pass through.
 *
 * Threads start only when there is enough to do. When a job fails or the reader breaks off, batches that have begun are
 * stopped, the rest is not begun, and no temporary file is left. Memory is bounded by a few batches.
 *
 * @throws the first failed job's error; `signal.reason` when aborted.
 */
export async function* runFileJobs<Item>(
  items: Iterable<Item>,
  jobOf: (item: Item) => FileJob | undefined,
  options: RunFileJobsOptions = {},
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  const { signal } = options;
  const batches = cutBatches(items, jobOf);
  let [doneJobs, doneBytes] = [0, 0];
  for (let next = batches.next(); !next.done; next = batches.next()) {
    signal?.throwIfAborted();
    const batch = next.value;
    if (doneJobs > ALONE_JOBS || doneBytes > ALONE_BYTES || batch.bytes > ALONE_BYTES) {
      yield* runOnThreads(prepend(batch, batches), options);
      return;
    }
    const results = runHere(batch.jobs);
    options.onRead?.(results.reduce((sum, { size }) => sum + size, 0));
    yield pair(batch, results);
    doneJobs += batch.jobs.length;
    doneBytes += batch.bytes;
    // Lets signals and progress through.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function runHere(jobs: readonly FileJob[]): readonly JobResult[] {
  try {
    return runJobs(jobs);
  } catch (error) {
    throw toError(toFailure(error));
  }
}

function* cutBatches<Item>(
  all: Iterable<Item>,
  jobOf: (item: Item) => FileJob | undefined,
): Generator<Batch<Item>, void, undefined> {
  let batch = { items: [] as Item[], jobs: [] as FileJob[], hasJob: [] as boolean[], bytes: 0 };
  for (const item of all) {
    const job = jobOf(item);
    batch.items.push(item);
    batch.hasJob.push(job !== undefined);
    if (job !== undefined) {
      batch.jobs.push(job);
      batch.bytes += sizeOf(job);
    }
    if (batch.items.length < BATCH_ITEMS && batch.jobs.length < BATCH_JOBS && batch.bytes < BATCH_BYTES) continue;
    yield batch;
    batch = { items: [], jobs: [], hasJob: [], bytes: 0 };
  }
  if (batch.items.length > 0) yield batch;
}

function sizeOf(job: FileJob): number {
  const { source } = job;
  if ("content" in source) return source.content.length;
  return source.stamp?.size ?? ("expected" in job ? job.expected?.size : undefined) ?? 0;
}

function* prepend<Item>(first: Item, rest: Iterable<Item>): Generator<Item, void, undefined> {
  yield first;
  yield* rest;
}

function pair<Item>(batch: Batch<Item>, results: readonly JobResult[]): FinishedItem<Item>[] {
  let next = 0;
  return batch.items.map((item, i) =>
    batch.hasJob[i] === true ? { item, result: results[next++] as JobResult } : { item },
  );
}

async function* runOnThreads<Item>(
  batches: Iterable<Batch<Item>>,
  options: RunFileJobsOptions,
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  const pool = startThreads();
  const running: Promise<readonly FinishedItem<Item>[]>[] = [];
  options.signal?.addEventListener("abort", pool.cancel, { once: true });
  let told = 0;
  const tellRead = (): void => {
    const bytesRead = pool.bytesRead();
    options.onRead?.(bytesRead - told);
    told = bytesRead;
  };
  const timer = options.onRead === undefined ? undefined : setInterval(tellRead, TELL_MS);
  const run = async (batch: Batch<Item>): Promise<readonly FinishedItem<Item>[]> =>
    pair(batch, batch.jobs.length === 0 ? [] : await pool.run(batch.jobs));
  try {
    for (const batch of batches) {
      options.signal?.throwIfAborted();
      const finished = run(batch);
      finished.catch(() => undefined);
      running.push(finished);
      // Two batches per thread: none waits for the other's answer.
      if (running.length >= pool.size * 2) yield await (running.shift() as (typeof running)[number]);
    }
    while (running.length > 0) yield await (running.shift() as (typeof running)[number]);
    tellRead();
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", pool.cancel);
    clearInterval(timer);
    if (running.length > 0) pool.cancel();
    await Promise.allSettled(running);
    await pool.stop();
  }
}
