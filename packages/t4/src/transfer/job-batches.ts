import type { FileJob } from "./file-job.js";

/** An item, and what is to be done for it, if anything. */
export interface ItemJob<Item> {
  readonly item: Item;
  readonly job: FileJob | undefined;
}

/** Items whose jobs are done together. */
export interface JobBatch<Item> {
  readonly items: readonly ItemJob<Item>[];
  /** The items' jobs, those that have one. */
  readonly jobs: readonly FileJob[];
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
  jobOf: (item: Item) => FileJob | undefined,
): Generator<JobBatch<Item>, void, undefined> {
  let batch = { items: [] as ItemJob<Item>[], jobs: [] as FileJob[], bytes: 0 };
  for (const item of all) {
    const job = jobOf(item);
    batch.items.push({ item, job });
    if (job !== undefined) {
      batch.jobs.push(job);
      batch.bytes += sizeOf(job);
    }
    if (!isFull(batch)) continue;
    yield batch;
    batch = { items: [], jobs: [], bytes: 0 };
  }
  if (batch.items.length > 0) yield batch;
}

function isFull({ items, jobs, bytes }: JobBatch<unknown>): boolean {
  const most = jobs.length === 0 ? IDLE_ITEMS : BATCH_ITEMS;
  return items.length >= most || jobs.length >= BATCH_JOBS || bytes >= BATCH_BYTES;
}

function sizeOf(job: FileJob): number {
  const { source } = job;
  if ("content" in source) return source.content.length;
  return source.stamp?.size ?? ("expected" in job ? job.expected?.size : undefined) ?? 0;
}
