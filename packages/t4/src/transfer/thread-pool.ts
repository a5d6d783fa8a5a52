import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { T4Error } from "../base/errors.js";
import type { FileJob, JobResult, OnDone } from "./file-job.js";
import { toError, type WorkerAnswer, type WorkerMessage } from "./job-message.js";
import type { SharedControl } from "./this-thread.js";

/** A thread for every core, doing batches of jobs. */
export interface ThreadPool {
  /** Gives a batch to the thread with the least to do. When `signal` is aborted, all that all threads have to do fails soon. */
  run(jobs: readonly FileJob[], signal: AbortSignal): Promise<readonly JobResult[]>;
  /** Ends all threads. */
  stop(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  /** Batches given and not yet answered. */
  readonly waiting: Map<number, { resolve(results: readonly JobResult[]): void; reject(error: unknown): void }>;
}

/** Pause between two tellings of what was done. */
const TELL_MS = 100;

/** Starts as many threads as there are cores, which tell of what they do about ten times a second, and at their end. */
export function startThreads(onDone?: OnDone): ThreadPool {
  const control: SharedControl = {
    cancelled: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    bytesRead: new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)),
    jobsDone: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
  let death: T4Error | undefined;
  let isStopped = false;
  const onExit = ({ waiting }: Thread, cause: unknown): void => {
    // It was ended, and owes nothing.
    if (isStopped && waiting.size === 0) return;
    const isFirst = death === undefined && !isStopped;
    death ??= threadDeath(cause);
    for (const asked of waiting.values()) asked.reject(death);
    waiting.clear();
    // The others may be waiting for the dead one's part of a file.
    if (isFirst) void end(threads);
  };
  const threads: readonly Thread[] = Array.from({ length: availableParallelism() }, () => startThread(onExit));
  let lastId = 0;
  for (const thread of threads) {
    thread.worker.on("message", (answer: WorkerAnswer) => {
      if (answer.kind !== "help") settle(thread, answer);
      else for (const other of threads) if (other !== thread) tell(other, { ...answer, control });
    });
  }
  const give = (jobs: readonly FileJob[]): Promise<readonly JobResult[]> =>
    new Promise((resolve, reject) => {
      if (death !== undefined) throw death;
      const thread = threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      const id = ++lastId;
      thread.waiting.set(id, { resolve, reject });
      tell(thread, { kind: "jobs", id, jobs, control });
    });
  const cancel = (): void => void Atomics.store(control.cancelled, 0, 1);
  const stopTelling = onDone && startTelling(control, onDone);
  return {
    async run(jobs, signal) {
      signal.addEventListener("abort", cancel, { once: true });
      try {
        return await give(jobs);
      } catch (error) {
        // What a thread says of being stopped is not why.
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    },
    async stop() {
      isStopped = true;
      await end(threads);
      stopTelling?.();
    },
  };
}

/** Tells now and then what all threads have done since the last time, and once more when it is stopped. */
function startTelling({ jobsDone, bytesRead }: SharedControl, onDone: OnDone): () => void {
  let told = { files: 0, bytes: 0 };
  const tellMore = (): void => {
    const [files, bytes] = [Atomics.load(jobsDone, 0), Number(Atomics.load(bytesRead, 0))];
    onDone({ files: files - told.files, bytes: bytes - told.bytes });
    told = { files, bytes };
  };
  const timer = setInterval(tellMore, TELL_MS);
  return () => {
    clearInterval(timer);
    tellMore();
  };
}

function threadDeath(cause: unknown): T4Error {
  const hint = "Try again; files that were there are untouched.";
  return new T4Error("ERR_T4_IO", "A worker thread ended before its work was done.", { hint, cause });
}

/** Starts a thread; `onExit` is told when it ends, for whatever cause. */
function startThread(onExit: (thread: Thread, cause: unknown) => void): Thread {
  const worker = new Worker(new URL("./transfer-worker.js", import.meta.url));
  const thread: Thread = { worker, waiting: new Map() };
  let cause: unknown;
  worker.on("error", (error) => {
    cause = error;
  });
  worker.on("exit", () => onExit(thread, cause));
  return thread;
}

/** Ends threads; what one has open in the middle of its work stays open, so that another file never gets the number. */
async function end(threads: readonly Thread[]): Promise<void> {
  await Promise.all(threads.map(({ worker }) => worker.terminate()));
}

function tell({ worker }: Thread, message: WorkerMessage): void {
  worker.postMessage(message);
}

function settle({ waiting }: Thread, answer: Exclude<WorkerAnswer, { readonly kind: "help" }>): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.kind === "failure") asked?.reject(toError(answer.failure));
  else asked?.resolve(answer.results);
}
