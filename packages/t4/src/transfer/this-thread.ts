import type { SharedRead } from "./shared-read.js";

/** What all threads of one run share. */
export interface SharedControl {
  /** Its first element becomes non-zero when the work is no longer wanted. */
  readonly cancelled: Int32Array;
  /** Its first element counts the bytes that were read. */
  readonly bytesRead: BigInt64Array;
  /** Its first element counts the jobs that were done. */
  readonly jobsDone: Int32Array;
}

/** What work in this thread may have to know of the others; set by the worker, empty in the main thread. */
export const thisThread: {
  control?: SharedControl;
  /** Asks all other threads to help, as soon as they have nothing else to do. */
  callForHelp?: (read: SharedRead) => void;
} = {};

/** Counts a job that was done. */
export function countDone(): void {
  if (thisThread.control !== undefined) Atomics.add(thisThread.control.jobsDone, 0, 1);
}

/** Counts bytes that were read; fails when the work of this thread is no longer wanted. */
export function countRead(bytes: number): void {
  if (thisThread.control === undefined) return;
  const { cancelled, bytesRead } = thisThread.control;
  if (Atomics.load(cancelled, 0) !== 0) throw new Error("The operation was aborted.");
  Atomics.add(bytesRead, 0, BigInt(bytes));
}
