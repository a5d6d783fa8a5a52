import { mapConcurrent } from "../base/concurrency.js";
import type { FileJob, Job, JobResult } from "./file-job.js";
import { addDirectories, flushDirectories } from "./flush.js";
import { cutBatches, type ItemJob, type JobBatch } from "./job-batches.js";
import { runJobs } from "./run-job.js";
import { openNetwork, runNetworkJobs } from "./run-network-jobs.js";
import { startThreads } from "./thread-pool.js";

/** An item with the result of its job, if it had one. */
export interface FinishedItem<Item> extends ItemJob<Item> {
  readonly result?: JobResult;
}

/** Options of {@link runFileJobs}. */
export interface RunFileJobsOptions {
  readonly signal?: AbortSignal;
  /** Told how many more files are done and bytes were read: by threads about ten times a second, else for every file. */
  readonly onDone?: (more: { readonly files: number; readonly bytes: number }) => void;
}

/** Below this much work a thread costs more than it brings. */
const ALONE_JOBS = 2000;
const ALONE_BYTES = 32 << 20;
/** Pause between two tellings of what was read. */
const TELL_MS = 100;

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
  options: RunFileJobsOptions = {},
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  const named = new Set<string>();
  for await (const finished of runBatches(cutBatches(items, jobOf), options)) {
    for (const { job, result } of finished) noteDirectories(job, result, named);
    yield finished;
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

async function* runBatches<Item>(
  batches: Iterator<JobBatch<Item>, void> & Iterable<JobBatch<Item>>,
  options: RunFileJobsOptions,
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  let [doneJobs, doneBytes] = [0, 0];
  for (let next = batches.next(); !next.done; next = batches.next()) {
    options.signal?.throwIfAborted();
    const batch = next.value;
    if (batch.isRemote) {
      yield* runOverNetwork(prepend(batch, batches), options);
      return;
    }
    if (doneJobs > ALONE_JOBS || doneBytes > ALONE_BYTES || batch.bytes > ALONE_BYTES) {
      yield* runOnThreads(prepend(batch, batches), options);
      return;
    }
    const results = runJobs(batch.jobs as readonly FileJob[], ({ size }) =>
      options.onDone?.({ files: 1, bytes: size }),
    );
    yield pair(batch, results);
    doneJobs += batch.jobs.length;
    doneBytes += batch.bytes;
    // Lets signals and progress through.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function* prepend<Item>(first: Item, rest: Iterable<Item>): Generator<Item, void, undefined> {
  yield first;
  yield* rest;
}

function pair<Item>({ items }: JobBatch<Item>, results: readonly JobResult[]): FinishedItem<Item>[] {
  let next = 0;
  return items.map((each) => (each.job === undefined ? each : { ...each, result: results[next++] as JobResult }));
}

/** Batches that are under way at once: none waits for the last object of the one before. */
const BATCHES_AT_ONCE = 2;

/** From the first batch on that waits for a network, all are done in this thread. */
async function* runOverNetwork<Item>(
  batches: Iterable<JobBatch<Item>>,
  { signal, onDone }: RunFileJobsOptions,
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  let network: ReturnType<typeof openNetwork> | undefined;
  const run = async (batch: JobBatch<Item>, batchSignal: AbortSignal): Promise<readonly FinishedItem<Item>[]> => {
    network ??= openNetwork({ signal: batchSignal, onDone });
    return pair(batch, await runNetworkJobs(batch.jobs, network));
  };
  yield* mapConcurrent(batches, run, { concurrency: BATCHES_AT_ONCE, ...(signal && { signal }) });
}

async function* runOnThreads<Item>(
  batches: Iterable<JobBatch<Item>>,
  options: RunFileJobsOptions,
): AsyncGenerator<readonly FinishedItem<Item>[], void, undefined> {
  const pool = startThreads();
  const running: Promise<readonly FinishedItem<Item>[]>[] = [];
  options.signal?.addEventListener("abort", pool.cancel, { once: true });
  let told = { files: 0, bytes: 0 };
  const tell = (): void => {
    const { files, bytes } = pool.done();
    options.onDone?.({ files: files - told.files, bytes: bytes - told.bytes });
    told = { files, bytes };
  };
  const timer = options.onDone === undefined ? undefined : setInterval(tell, TELL_MS);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const network = openNetwork({ signal, onDone: options.onDone });
  const results = (batch: JobBatch<Item>): Promise<readonly JobResult[]> =>
    batch.isRemote ? runNetworkJobs(batch.jobs, network) : pool.run(batch.jobs as readonly FileJob[]);
  const run = async (batch: JobBatch<Item>): Promise<readonly FinishedItem<Item>[]> =>
    pair(batch, batch.jobs.length === 0 ? [] : await results(batch));
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
    tell();
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", pool.cancel);
    clearInterval(timer);
    stop.abort();
    if (running.length > 0) pool.cancel();
    await Promise.allSettled(running);
    await pool.stop();
  }
}
