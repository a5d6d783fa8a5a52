import type { SharedRead } from "./shared-read.js";

/** What work in this thread may have to know of the others; set by the worker, empty in the main thread. */
export const thisThread: {
  /** Its first element becomes non-zero when the work is no longer wanted. */
  cancelled?: Int32Array;
  /** Asks all other threads to help, as soon as they have nothing else to do. */
  callForHelp?: (read: SharedRead) => void;
} = {};

/** Fails when the work of this thread is no longer wanted. */
export function throwIfCancelled(): void {
  if (thisThread.cancelled !== undefined && Atomics.load(thisThread.cancelled, 0) !== 0) {
    throw new Error("The operation was aborted.");
  }
}
