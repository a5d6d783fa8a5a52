import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Budget, createBudget } from "../base/budget.js";
import { mapConcurrent } from "../base/concurrency.js";
import { DEFAULT_HASH, type HashType } from "../hash/hasher.js";
import { Batch } from "./batch.js";
import { requireExpected } from "./expectation.js";
import { fetchMemory, fetchSource, type OpenSink } from "./fetch-source.js";
import type { FileJob, InstallJob, Job, JobResult, NetworkJob, RemoteSource, StoreJob, UploadJob } from "./file-job.js";
import { isNetworkJob } from "./file-job.js";
import { beginInstall } from "./install-file.js";
import { bytesOf } from "./job-batches.js";
import { addObject, objectName, useObject } from "./object-file.js";
import type { Read } from "./read-source.js";
import { failureOf, runJob } from "./run-job.js";
import { uploadFile, uploadMemory } from "./upload-file.js";

/** Jobs under way at once; how many requests that makes, the server's throttle decides. */
const JOBS_AT_ONCE = 256;
/** Bytes of objects that all jobs together have in memory. */
const MEMORY_BYTES = 64 << 20;

/** What all network jobs of one run share. */
export interface Network {
  readonly memory: Budget;
  readonly signal: AbortSignal;
  /** Told how many more files are done and bytes were moved. */
  readonly onDone: (more: { readonly files: number; readonly bytes: number }) => void;
}

/** Starts a run of network jobs. */
export function openNetwork(run: {
  readonly signal: AbortSignal;
  readonly onDone: Network["onDone"] | undefined;
}): Network {
  const { signal, onDone = () => undefined } = run;
  return { signal, onDone, memory: createBudget(MEMORY_BYTES) };
}

interface Context extends Network {
  readonly batch: Batch;
}

/**
 * Does a batch of jobs, many at once, in this thread; results are in the jobs' order. Files are on the disk, and under
 * their final names, when it resolves. When one fails, the others are stopped, and no temporary file is left.
 */
export async function runNetworkJobs(jobs: readonly Job[], network: Network): Promise<JobResult[]> {
  const batch = new Batch();
  const results: JobResult[] = [];
  const next = jobs.entries();
  // Each lane takes the next job when it is done with one: a large object holds up no small ones.
  const lane = async (_: undefined, signal: AbortSignal): Promise<void> => {
    // Each request of all jobs listens.
    setMaxListeners(0, signal);
    for (const [index, job] of next) {
      signal.throwIfAborted();
      results[index] = await runAny(job, { ...network, batch, signal });
    }
  };
  const lanes = Array.from<undefined>({ length: Math.min(JOBS_AT_ONCE, jobs.length) });
  try {
    for await (const _ of mapConcurrent(lanes, lane, { concurrency: lanes.length, signal: network.signal }));
    batch.publish();
    return results;
  } finally {
    batch.close();
  }
}

async function runAny(job: Job, context: Context): Promise<JobResult> {
  if (isNetworkJob(job)) {
    const result = await runOne(job, context);
    context.onDone({ files: 1, bytes: 0 });
    context.batch.publishIfDue();
    return result;
  }
  const result = runJob(job as FileJob, context.batch);
  context.onDone({ files: 1, bytes: result.size });
  context.batch.publishIfDue();
  return result;
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
  /** Gives the file that gets the bytes. */
  readonly openSink?: OpenSink;
}

/** Fetches an object, with no more of all objects in memory than may be. */
function fetch(source: RemoteSource, { types, context, openSink = () => undefined }: Fetch): Promise<Read> {
  const { memory, signal, onDone } = context;
  const options = { types, signal, onBytes: (bytes: number) => onDone({ files: 0, bytes }) };
  return memory.use(fetchMemory(source.size), () => fetchSource(source, options, openSink), signal);
}

async function installObject(job: InstallJob<RemoteSource>, context: Context): Promise<JobResult> {
  const { batch } = context;
  const { expected, root } = job;
  const { result, addFile } = beginInstall(job, batch);
  if (addFile === undefined) return result;
  const create = (): Temporary => batch.destination(root).createTemporary();
  return Object.assign(result, await fetchInto(job, { types: [expected.type], create, context }, addFile));
}

async function storeObject(job: StoreJob<RemoteSource>, context: Context): Promise<JobResult> {
  const { batch } = context;
  const { expected, objects, extension } = job;
  const types = [
    ...new Set<HashType>([DEFAULT_HASH, ...job.types, ...(expected === undefined ? [] : [expected.type])]),
  ];
  const pathOf = ({ values }: Read): string => join(objects, objectName(values[DEFAULT_HASH] ?? "", extension));
  const create = (): Temporary => {
    const path = join(job.temporary, randomUUID());
    return { path, file: openSync(path, "wx") };
  };
  const read = await fetchInto(job, { types, create, context }, (temporary, done) => {
    const path = pathOf(done);
    if (useObject(path, done.size)) rmSync(temporary, { force: true });
    else addObject(temporary, path, batch);
  });
  return { ...read, outcome: "done", path: pathOf(read) };
}

interface Temporary {
  readonly file: number;
  readonly path: string;
}

/** Fetches an object into a temporary file, which is handed on when it is right, and removed when it is not. */
async function fetchInto(
  job: InstallJob<RemoteSource> | StoreJob<RemoteSource>,
  how: { readonly types: readonly HashType[]; readonly create: () => Temporary; readonly context: Context },
  handOn: (temporary: string, read: Read) => void,
): Promise<Read> {
  const { source, expected } = job;
  let temporary: Temporary | undefined;
  let isHandedOn = false;
  const openSink = (read: Read | undefined): number => {
    // A small object is known to be right before anything is written.
    if (read !== undefined && expected !== undefined) requireExpected(read, expected, source);
    temporary = how.create();
    return temporary.file;
  };
  try {
    const read = await fetch(source, { ...how, openSink });
    if (expected !== undefined) requireExpected(read, expected, source);
    if (temporary !== undefined) handOn(temporary.path, read);
    isHandedOn = true;
    return read;
  } finally {
    if (temporary !== undefined) {
      closeSync(temporary.file);
      if (!isHandedOn) rmSync(temporary.path, { force: true });
    }
  }
}
