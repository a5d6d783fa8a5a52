import { join } from "node:path";
import { isT4Error, T4Error } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { Batch } from "./batch.js";
import { nameOf } from "./expectation.js";
import type { FileJob, Job, JobResult } from "./file-job.js";
import { installFile } from "./install-file.js";
import { storeFile } from "./object-file.js";
import { readSource } from "./read-source.js";

/**
 * Does a batch of jobs, in order, and tells of each when its bytes were read. They are on the disk, and under their final
 * names, when it returns, and most of them before, if it takes long; the names are flushed later.
 */
export function runJobs(
  jobs: readonly FileJob[],
  onDone: (result: JobResult) => void = () => undefined,
  batch = new Batch(),
): JobResult[] {
  try {
    const results = jobs.map((job) => {
      const result = runJob(job, batch);
      onDone(result);
      batch.publishIfDue();
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
    throw failureOf(job, error);
  }
}

/** Why a job failed; where the source of a file that is installed is gone or damaged, also which file that is. */
export function failureOf(job: Job, cause: unknown): unknown {
  const error = ioError(describe(job), cause);
  const isSource = job.kind === "install" && isT4Error(error, "ERR_T4_INTEGRITY", "ERR_T4_NOT_FOUND");
  if (!isSource || error.facts["logicalKey"] !== undefined) return error;
  return new T4Error(error.code, `Cannot install ${JSON.stringify(job.key)}: ${error.message}`, {
    hint: "The registry lost or changed these bytes since the revision was made: t4 fsck --read-data shows all that is damaged.",
    facts: { ...error.facts, logicalKey: job.key },
    cause: error,
  });
}

/** What a job does, for the message of its failure. */
function describe(job: Job): string {
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
