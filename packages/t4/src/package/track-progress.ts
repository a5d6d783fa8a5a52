import type { OnProgress, ProgressPhase } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import type { Json } from "../format/json-value.js";

/** Progress of one phase, told at most ten times a second. */
export interface ProgressTracker {
  /** One more file needed no work; its bytes. */
  known(bytes: Json | undefined): void;
  /** More files are done and bytes were read; `undefined` when nobody wants to know. */
  readonly onDone: ((more: { readonly files: number; readonly bytes: number }) => void) | undefined;
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
  if (onProgress === undefined) return { known: () => undefined, onDone: undefined, end: () => undefined };
  const totals = totalsOf(entries());
  let [filesDone, bytesDone, toldAt] = [0, 0, 0];
  const tell = (): void => onProgress({ phase, filesDone, bytesDone, ...totals });
  const onDone = (more: { readonly files: number; readonly bytes: number }): void => {
    filesDone += more.files;
    // Files that were there are read, too: all in all it may be more than the package has.
    bytesDone = Math.min(totals.bytesTotal, bytesDone + more.bytes);
    if (Date.now() - toldAt < PAUSE_MS) return;
    toldAt = Date.now();
    tell();
  };
  return { known: (bytes) => onDone({ files: 1, bytes: typeof bytes === "number" ? bytes : 0 }), onDone, end: tell };
}

function totalsOf(entries: Iterable<Entry>): { readonly filesTotal: number; readonly bytesTotal: number } {
  let [filesTotal, bytesTotal] = [0, 0];
  for (const { size } of entries) {
    filesTotal++;
    if (typeof size === "number") bytesTotal += size;
  }
  return { filesTotal, bytesTotal };
}
