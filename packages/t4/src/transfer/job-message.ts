import { type ErrorFacts, EXIT_CODES, isT4Error, T4Error, type T4ErrorCode } from "../base/errors.js";
import type { FileJob, JobResult } from "./file-job.js";
import type { SharedRead } from "./shared-read.js";
import type { SharedControl } from "./this-thread.js";

/** A batch of jobs on its way to a worker. */
export interface JobMessage {
  readonly kind: "jobs";
  readonly id: number;
  readonly jobs: readonly FileJob[];
  readonly control: SharedControl;
}

/** A large file that another worker wants help with. */
export interface HelpMessage {
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

/** An error as it crosses threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly facts?: ErrorFacts;
}

/** Makes an error ready to be sent. */
export function toFailure(error: unknown): Failure {
  if (isT4Error(error)) {
    return {
      code: error.code,
      message: error.message,
      facts: error.facts,
      hint: error.hint,
    };
  }
  const { code, message } = systemFailure(error);
  return { code, message };
}

function systemFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  return { code: "code" in error ? String(error.code) : "", message: error.message };
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room and run the same command again; it goes on where it stopped.",
  EDQUOT: "Your quota is used up: make room and run the same command again; it goes on where it stopped.",
  EROFS: "The file system is read-only.",
  EACCES: "You have no permission to write there.",
  EPERM: "You have no permission to write there.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n).",
};

/** The error that a failure stands for. */
export function toError(failure: Failure): T4Error {
  const { code, message, hint, facts } = failure;
  if (code in EXIT_CODES)
    return new T4Error(code as T4ErrorCode, message, {
      hint,
      facts,
    });
  const kind = code === "EACCES" || code === "EPERM" ? "ERR_T4_ACCESS" : "ERR_T4_IO";
  return new T4Error(kind, message, {
    hint: HINTS[code] ?? "Files that were there are untouched; try again.",
    facts: { system: code },
  });
}
