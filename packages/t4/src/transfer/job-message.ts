import { type ErrorFacts, isT4Error, T4Error, type T4ErrorCode } from "../base/errors.js";
import type { FileJob, JobResult } from "./file-job.js";
import type { SharedRead } from "./shared-read.js";
import type { SharedControl } from "./this-thread.js";

/** A batch of jobs on its way to a worker. */
interface JobMessage {
  readonly kind: "jobs";
  readonly id: number;
  readonly jobs: readonly FileJob[];
  readonly control: SharedControl;
}

/** A large file that another worker wants help with. */
interface HelpMessage {
  readonly kind: "help";
  readonly read: SharedRead;
  readonly control: SharedControl;
}

/** What a worker is told. */
export type WorkerMessage = JobMessage | HelpMessage;

/** What a worker answers: to a batch, or with a call for help that goes to all others. */
export type WorkerAnswer =
  | { readonly kind: "results"; readonly id: number; readonly results: readonly JobResult[] }
  | { readonly kind: "failure"; readonly id: number; readonly failure: Failure }
  | { readonly kind: "help"; readonly read: SharedRead };

/** An error as it crosses threads: one of ours, or a bug with its stack. */
export type Failure =
  | {
      readonly code: T4ErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
      readonly facts: ErrorFacts;
    }
  | { readonly code: undefined; readonly message: string; readonly stack: string | undefined };

/** Makes an error ready to be sent. */
export function toFailure(error: unknown): Failure {
  if (isT4Error(error)) return { code: error.code, message: error.message, facts: error.facts, hint: error.hint };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: undefined, message, stack };
}

/** The error that a failure stands for. */
export function toError(failure: Failure): Error {
  if (failure.code === undefined) return Object.assign(new Error(failure.message), { stack: failure.stack });
  const { code, message, hint, facts } = failure;
  return new T4Error(code, message, { hint, facts });
}
