import { join } from "node:path";
import { ioError } from "../base/io-error.js";
import { Batch } from "./batch.js";
import { nameOf } from "./expectation.js";
import type { FileJob, Job, JobResult } from "./file-job.js";
import { installFile } from "./install-file.js";
import { storeFile } from "./object-file.js";
import { readSource } from "./read-source.js";

/**
 * Does a batch of jobs, in order, and tells of each when its bytes were read. They are on the disk, and under their final
 * names, when it returns; the names are flushed later.
 */
export function runJobs(jobs: readonly FileJob[], onDone: (result: JobResult) => void = () => undefined): JobResult[] {
  const batch = new Batch();
  try {
    const results = jobs.map((job) => {
      const result = runJob(job, batch);
      onDone(result);
      return result;
    });
    batch.publish();
    return results;
  } finally {
    batch.close();
  }
}

/** Does a job; a file that it writes gets its name when the batch is published. */
export function runJob(job: FileJob, batch: Batch): JobResult {
  try {
    switch (job.kind) {
      case "hash":
        return { ...readSource(job.source, job.types), outcome: "done" };
      case "store":
        return storeFile(job, batch);
      case "install":
        return installFile(job, batch);
    }
  } catch (error) {
    throw ioError(describe(job), error);
  }
}

/** What a job does, for the message of its failure. */
export function describe(job: Job): string {
  const source = nameOf(job.source);
  switch (job.kind) {
    case "hash":
      return `read ${source}`;
    case "store":
      return `store ${source} in ${job.objects}`;
    case "install":
      return `write ${join(job.root, job.key)}`;
    case "upload":
      return `send ${source}`;
  }
}
