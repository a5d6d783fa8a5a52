import { setMaxListeners } from "node:events";
import { type Budget, createBudget } from "../base/budget.js";
import { mapConcurrent } from "../base/concurrency.js";
import type { HashType } from "../hash/hasher.js";
import { Batch } from "./batch.js";
import { fetchMemory, fetchSource } from "./fetch-source.js";
import type { InstallJob, JobResult, NetworkJob, OnDone, Read, RemoteSource, StoreJob, UploadJob } from "./file-job.js";
import { beginInstall } from "./install-file.js";
import { bytesOf } from "./job-batches.js";
import { beginStore } from "./object-file.js";
import { failureOf } from "./run-job.js";
import type { PartSink } from "./sink.js";
import { uploadFile, uploadMemory } from "./upload-file.js";

/** Batches under way at once: none waits for the last object of the one before. */
const BATCHES_AT_ONCE = 2;
/** Jobs of a batch under way at once; how many requests that makes, the server's throttle decides. */
const JOBS_AT_ONCE = 256;
/** Bytes of objects that all jobs together have in memory. */
const MEMORY_BYTES = 64 << 20;

/** What all network jobs of one run share. */
export interface Network {
  readonly batches: Budget;
  readonly memory: Budget;
  readonly onDone: OnDone;
}

/** Starts a run of network jobs. */
export function openNetwork(onDone: OnDone = () => undefined): Network {
  return { onDone, batches: createBudget(BATCHES_AT_ONCE), memory: createBudget(MEMORY_BYTES) };
}

interface Context extends Network {
  readonly batch: Batch;
  readonly signal: AbortSignal;
}

/**
 * Does a batch of jobs, many at once, in this thread; results are in the jobs' order. Files are on the disk, and under
 * their final names, when it resolves. When one fails, the others are stopped, and no temporary file is left.
 */
export async function runNetworkJobs(
  jobs: readonly NetworkJob[],
  network: Network,
  signal: AbortSignal,
): Promise<JobResult[]> {
  return jobs.length === 0 ? [] : network.batches.use(1, () => runBatch(jobs, network, signal), signal);
}

async function runBatch(jobs: readonly NetworkJob[], network: Network, signal: AbortSignal): Promise<JobResult[]> {
  const batch = new Batch();
  const results: JobResult[] = [];
  const next = jobs.entries();
  // Each lane takes the next job when it is done with one: a large object holds up no small ones.
  const lane = async (_: undefined, laneSignal: AbortSignal): Promise<void> => {
    // Each request of all jobs listens.
    setMaxListeners(0, laneSignal);
    for (const [index, job] of next) {
      laneSignal.throwIfAborted();
      results[index] = await runOne(job, { ...network, batch, signal: laneSignal });
      network.onDone({ files: 1, bytes: 0 });
      batch.publishIfDue();
    }
  };
  const lanes = Array.from<undefined>({ length: Math.min(JOBS_AT_ONCE, jobs.length) });
  try {
    for await (const _ of mapConcurrent(lanes, lane, { concurrency: lanes.length, signal }));
    batch.publish();
    return results;
  } finally {
    batch.close();
  }
}

async function runOne(job: NetworkJob, context: Context): Promise<JobResult> {
  try {
    switch (job.kind) {
      case "hash":
        return { ...(await fetch(job.source, { types: job.types, context })), outcome: "done" };
      case "store":
        return await storeObject(job, context);
      case "install":
        return await installObject(job, context);
      case "upload":
        return (await copyThere(job, context)) ?? (await upload(job, context));
    }
  } catch (error) {
    throw failureOf(job, error);
  }
}

async function copyThere({ copy }: UploadJob, { signal, onDone }: Context): Promise<JobResult | undefined> {
  const copied = await copy?.(signal);
  if (copied === undefined) return undefined;
  onDone({ files: 0, bytes: copied.size });
  return { ...copied, readAtMs: Date.now(), outcome: "done" };
}

function upload(job: UploadJob, context: Context): Promise<JobResult> {
  const onBytes = (bytes: number): void => context.onDone({ files: 0, bytes });
  const memory = uploadMemory(bytesOf(job));
  return context.memory.use(memory, () => uploadFile(job, { ...context, onBytes }), context.signal);
}

interface Fetch {
  readonly types: readonly HashType[];
  readonly context: Context;
  readonly sink?: PartSink;
}

/** Fetches an object, with no more of all objects in memory than may be. */
function fetch(source: RemoteSource, { types, context, sink }: Fetch): Promise<Read> {
  const { memory, signal, onDone } = context;
  const options = { types, signal, onBytes: (bytes: number) => onDone({ files: 0, bytes }) };
  return memory.use(fetchMemory(source.size), () => fetchSource(source, options, sink), signal);
}

async function installObject(job: InstallJob<RemoteSource>, context: Context): Promise<JobResult> {
  const { result, sink } = beginInstall(job, context.batch);
  if (sink === undefined) return result;
  return Object.assign(result, await fetch(job.source, { types: [job.expected.type], context, sink }));
}

async function storeObject(job: StoreJob<RemoteSource>, context: Context): Promise<JobResult> {
  const { types, sink, finish } = beginStore(job, context.batch);
  return finish(await fetch(job.source, { types, context, sink }));
}
