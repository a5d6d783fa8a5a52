import { parentPort } from "node:worker_threads";
import { toFailure, type WorkerAnswer, type WorkerMessage } from "./job-message.js";
import { runJobs } from "./run-job.js";
import { helpReading } from "./shared-read.js";
import { countDone, thisThread } from "./this-thread.js";

const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message);

thisThread.callForHelp = (read) => answer({ kind: "help", read });

/** A thread that does jobs: everything in it is synchronous, which for small files is ten times cheaper than promises. */
parentPort?.on("message", (message: WorkerMessage) => {
  thisThread.control = message.control;
  if (message.kind === "help") {
    helpReading(message.read);
    return;
  }
  const { id, jobs } = message;
  try {
    answer({ kind: "results", id, results: runJobs(jobs, countDone) });
  } catch (error) {
    answer({ kind: "failure", id, failure: toFailure(error) });
  }
});
