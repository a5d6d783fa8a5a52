import type { OnProgress, ProgressPhase } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import type { Json } from "../format/json-value.js";

/** Progress of one phase, told at most ten times a second. */
export interface ProgressTracker {
  /** One more file is finished; its bytes, when nobody read them. */
  done(bytes?: Json): void;
  /** More bytes were read; `undefined` when nobody wants to know. */
  readonly onRead: ((bytes: number) => void) | undefined;
  /** Tells the final state. */
  end(): void;
}

const PAUSE_MS = 100;

/** Starts a phase over some entries, which are only counted when somebody wants to know. */
export function trackProgress(
  phase: ProgressPhase,
  onProgress: OnProgress | undefined,
  entries: () => Iterable<Entry>,
): ProgressTracker {
  if (onProgress === undefined) return { done: () => undefined, onRead: undefined, end: () => undefined };
  const totals = totalsOf(entries());
  let [filesDone, bytesDone, toldAt] = [0, 0, 0];
  const tell = (): void => onProgress({ phase, filesDone, bytesDone, ...totals });
  const add = (files: number, bytes: Json): void => {
    filesDone += files;
    // Files that were there are read, too: all in all it may be more than the package has.
    bytesDone = Math.min(totals.bytesTotal, bytesDone + (typeof bytes === "number" ? bytes : 0));
    if (Date.now() - toldAt < PAUSE_MS) return;
    toldAt = Date.now();
    tell();
  };
  return { done: (bytes = 0) => add(1, bytes), onRead: (bytes) => add(0, bytes), end: tell };
}

function totalsOf(entries: Iterable<Entry>): { readonly filesTotal: number; readonly bytesTotal: number } {
  let [filesTotal, bytesTotal] = [0, 0];
  for (const { size } of entries) {
    filesTotal++;
    if (typeof size === "number") bytesTotal += size;
  }
  return { filesTotal, bytesTotal };
}
