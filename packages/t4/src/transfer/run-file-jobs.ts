import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { T4Error } from "../base/errors.js";
import type { FileJob, JobResult } from "./file-job.js";
import { type JobMessage, type ResultMessage, toError, toFailure } from "./job-message.js";
import { runJobs } from "./run-job.js";

/** A job with its result. */
export interface FinishedJob<Job extends FileJob = FileJob> {
  readonly job: Job;
  readonly result: JobResult;
}

/** Options of {@link runFileJobs}. */
export interface RunFileJobsOptions {
  readonly signal?: AbortSignal;
}

/** A batch ends at so many jobs or bytes, whichever comes first: enough to share one flush, little enough to hold open. */
const BATCH_JOBS = 128;
const BATCH_BYTES = 16 << 20;
/** Below this much work a thread costs more than it brings. */
const ALONE_JOBS = 2000;
const ALONE_BYTES = 32 << 20;

/**
 * Does jobs on all cores and yields them batch by batch, in order.
 *
 * Threads start only when there is enough to do. When a job fails or the reader breaks off, batches that have begun are
 * stopped, the rest is not begun, and no temporary file is left. Memory is bounded by a few batches.
 *
 * @throws the first failed job's error; `signal.reason` when aborted.
 */
export async function* runFileJobs<Job extends FileJob>(
  jobs: Iterable<Job>,
  options: RunFileJobsOptions = {},
): AsyncGenerator<readonly FinishedJob<Job>[], void, undefined> {
  const { signal } = options;
  const batches = cutBatches(jobs);
  let [doneJobs, doneBytes] = [0, 0];
  for (let next = batches.next(); !next.done; next = batches.next()) {
    signal?.throwIfAborted();
    if (doneJobs > ALONE_JOBS || doneBytes > ALONE_BYTES || bytesOf(next.value) > ALONE_BYTES) {
      yield* runOnThreads(prepend(next.value, batches), options);
      return;
    }
    yield pair(next.value, runHere(next.value));
    doneJobs += next.value.length;
    doneBytes += bytesOf(next.value);
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

function* cutBatches<Job extends FileJob>(jobs: Iterable<Job>): Generator<Job[], void, undefined> {
  let batch: Job[] = [];
  let bytes = 0;
  for (const job of jobs) {
    batch.push(job);
    bytes += sizeOf(job);
    if (batch.length < BATCH_JOBS && bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function bytesOf(jobs: readonly FileJob[]): number {
  return jobs.reduce((sum, job) => sum + sizeOf(job), 0);
}

function sizeOf({ source }: FileJob): number {
  return "content" in source ? source.content.length : (source.stamp?.size ?? 0);
}

function* prepend<Item>(first: Item, rest: Iterable<Item>): Generator<Item, void, undefined> {
  yield first;
  yield* rest;
}

function pair<Job extends FileJob>(jobs: readonly Job[], results: readonly JobResult[]): FinishedJob<Job>[] {
  return jobs.map((job, i) => ({ job, result: results[i] as JobResult }));
}

async function* runOnThreads<Job extends FileJob>(
  batches: Iterable<readonly Job[]>,
  options: RunFileJobsOptions,
): AsyncGenerator<readonly FinishedJob<Job>[], void, undefined> {
  const threads = Array.from({ length: availableParallelism() }, () => startThread());
  const running: Promise<readonly FinishedJob<Job>[]>[] = [];
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = (): void => void Atomics.store(cancelled, 0, 1);
  options.signal?.addEventListener("abort", cancel, { once: true });
  let id = 0;
  try {
    for (const jobs of batches) {
      options.signal?.throwIfAborted();
      const thread = threads.reduce((a, b) => (b.waiting < a.waiting ? b : a));
      const finished = thread.run({ id: id++, jobs, cancelled }).then((results) => pair(jobs, results));
      finished.catch(() => undefined);
      running.push(finished);
      // Two batches per thread: none waits for the other's answer.
      if (running.length >= threads.length * 2) yield await (running.shift() as (typeof running)[number]);
    }
    while (running.length > 0) yield await (running.shift() as (typeof running)[number]);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    if (running.length > 0) cancel();
    await Promise.allSettled(running);
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

interface Thread {
  /** Batches given and not yet answered. */
  readonly waiting: number;
  run(message: JobMessage): Promise<readonly JobResult[]>;
  stop(): Promise<unknown>;
}

function startThread(): Thread {
  const worker = new Worker(new URL("./transfer-worker.js", import.meta.url));
  const waiting = new Map<number, { resolve(results: readonly JobResult[]): void; reject(error: unknown): void }>();
  worker.on("message", (answer: ResultMessage) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("failure" in answer) asked?.reject(toError(answer.failure));
    else asked?.resolve(answer.results);
  });
  const die = (cause: unknown): void => {
    const error = new T4Error("ERR_T4_IO", "A worker thread ended before its work was done.", { hint: "Try again.", cause });
    for (const asked of waiting.values()) asked.reject(error);
    waiting.clear();
  };
  worker.on("error", die);
  worker.on("exit", die);
  return {
    get waiting() {
      return waiting.size;
    },
    run: (message) =>
      new Promise((resolve, reject) => {
        waiting.set(message.id, { resolve, reject });
        worker.postMessage(message);
      }),
    stop: () => worker.terminate(),
  };
}
