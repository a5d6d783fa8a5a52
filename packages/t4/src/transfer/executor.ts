import { mapConcurrent } from "../base/concurrency.js";
import { type FileJob, isNetworkJob, type Job, type JobResult, type OnDone } from "./file-job.js";
import { bytesOf } from "./job-batches.js";
import { runJobs } from "./run-job.js";
import { openNetwork, runNetworkJobs } from "./run-network-jobs.js";
import { startThreads, type ThreadPool } from "./thread-pool.js";

/** Does each job where that is best: those on files on all cores, those that wait for a network in this thread. */
export interface Executor {
  /**
   * Does a batch; results are in the jobs' order. Files are on the disk when it resolves, and have their names. When a job
   * fails or `signal` is aborted, the others are stopped, and no temporary file is left.
   */
  run(jobs: readonly Job[], signal: AbortSignal): Promise<JobResult[]>;
  /** Ends all threads; no batch may be under way. */
  close(): Promise<void>;
}

/** Below this much work a thread costs more than it brings. */
const ALONE_JOBS = 2000;
const ALONE_BYTES = 32 << 20;

/** Makes an executor; threads start only when there is enough to do. */
export function openExecutor(onDone: OnDone | undefined): Executor {
  const network = openNetwork(onDone);
  const cores = openCores(onDone);
  return {
    async run(jobs, signal) {
      const remote = jobs.filter(isNetworkJob);
      const local = jobs.filter((job) => !isNetworkJob(job)) as FileJob[];
      const parts = [
        (stop: AbortSignal) => runNetworkJobs(remote, network, stop),
        (stop: AbortSignal) => cores.run(local, stop),
      ];
      const done: Iterator<JobResult>[] = [];
      for await (const results of mapConcurrent(parts, (part, stop) => part(stop), { concurrency: 2, signal }))
        done.push(results[Symbol.iterator]());
      return jobs.map((job) => done[isNetworkJob(job) ? 0 : 1]?.next().value as JobResult);
    },
    close: () => cores.close(),
  };
}

interface Cores {
  run(jobs: readonly FileJob[], signal: AbortSignal): Promise<readonly JobResult[]>;
  close(): Promise<void>;
}

/** Does jobs on files: the first few in this thread, then all in threads. */
function openCores(onDone: OnDone | undefined): Cores {
  let pool: ThreadPool | undefined;
  let [doneJobs, doneBytes] = [0, 0];
  const runHere = (jobs: readonly FileJob[]): readonly JobResult[] =>
    runJobs(jobs, ({ size }) => onDone?.({ files: 1, bytes: size }));
  return {
    async run(jobs, signal) {
      // Lets signals and progress through.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      if (jobs.length === 0) return [];
      const bytes = jobs.reduce((sum, job) => sum + bytesOf(job), 0);
      const isLittle = doneJobs <= ALONE_JOBS && doneBytes <= ALONE_BYTES && bytes <= ALONE_BYTES;
      doneJobs += jobs.length;
      doneBytes += bytes;
      if (pool === undefined && isLittle) return runHere(jobs);
      pool ??= startThreads(onDone);
      return pool.run(jobs, signal);
    },
    async close() {
      await pool?.stop();
    },
  };
}
