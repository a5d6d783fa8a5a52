import { parentPort } from "node:worker_threads";
import { type JobMessage, type ResultMessage, toFailure } from "./job-message.js";
import { stopReadingOn } from "./read-source.js";
import { runJobs } from "./run-job.js";

/** A thread that does jobs: everything in it is synchronous, which for small files is ten times cheaper than promises. */
parentPort?.on("message", ({ id, jobs, cancelled }: JobMessage) => {
  stopReadingOn(cancelled);
  let answer: ResultMessage;
  try {
    answer = { id, results: runJobs(jobs) };
  } catch (error) {
    answer = { id, failure: toFailure(error) };
  }
  parentPort?.postMessage(answer);
});
