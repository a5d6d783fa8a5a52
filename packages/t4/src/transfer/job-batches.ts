import type { Job } from "./file-job.js";

/** An item, and what is to be done for it, if anything. */
export interface ItemJob<Item> {
  readonly item: Item;
  readonly job: Job | undefined;
}

/** Items whose jobs are done together. */
export interface JobBatch<Item> {
  readonly items: readonly ItemJob<Item>[];
  /** The items' jobs, those that have one. */
  readonly jobs: readonly Job[];
  /** Bytes that the jobs will read, as far as that is known. */
  readonly bytes: number;
}

/** A batch ends at so many items, jobs or bytes: enough to share one flush, few enough not to matter when they fail. */
const BATCH_ITEMS = 4096;
/** Items that only pass through are not held back for long. */
const IDLE_ITEMS = 256;
const BATCH_JOBS = 1024;
const BATCH_BYTES = 64 << 20;

/** Cuts items into batches, in order; jobs are made only when their batch is asked for. */
export function* cutBatches<Item>(
  all: Iterable<Item>,
  jobOf: (item: Item) => Job | undefined,
): Generator<JobBatch<Item>, void, undefined> {
  let batch = newBatch<Item>();
  for (const item of all) {
    const job = jobOf(item);
    batch.items.push({ item, job });
    if (job !== undefined) {
      batch.jobs.push(job);
      batch.bytes += bytesOf(job);
    }
    if (!isFull(batch)) continue;
    yield batch;
    batch = newBatch();
  }
  if (batch.items.length > 0) yield batch;
}

interface Growing<Item> extends JobBatch<Item> {
  readonly items: ItemJob<Item>[];
  readonly jobs: Job[];
  bytes: number;
}

function newBatch<Item>(): Growing<Item> {
  return { items: [], jobs: [], bytes: 0 };
}

function isFull({ items, jobs, bytes }: Pick<JobBatch<unknown>, "items" | "jobs" | "bytes">): boolean {
  const most = jobs.length === 0 ? IDLE_ITEMS : BATCH_ITEMS;
  return items.length >= most || jobs.length >= BATCH_JOBS || bytes >= BATCH_BYTES;
}

/** Bytes that a job will read, as far as that is known before; 0 when it is not. */
export function bytesOf(job: Job): number {
  const { source } = job;
  if ("content" in source) return source.content.length;
  if ("url" in source) return source.size;
  return source.stamp?.size ?? ("expected" in job ? job.expected?.size : undefined) ?? 0;
}
