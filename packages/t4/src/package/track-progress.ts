import type { OnProgress, ProgressPhase } from "../base/progress.js";

/** Progress of one phase, told at most ten times a second. */
export interface ProgressTracker {
  add(files: number, bytes: number): void;
  /** Tells the final state. */
  end(): void;
}

const PAUSE_MS = 100;

/** Starts a phase. */
export function trackProgress(
  phase: ProgressPhase,
  onProgress: OnProgress | undefined,
  totals: { readonly filesTotal?: number; readonly bytesTotal?: number } = {},
): ProgressTracker {
  let [filesDone, bytesDone, toldAt] = [0, 0, 0];
  const tell = (): void => onProgress?.({ phase, filesDone, bytesDone, ...totals });
  return {
    add(files, bytes) {
      filesDone += files;
      bytesDone += bytes;
      if (onProgress === undefined || Date.now() - toldAt < PAUSE_MS) return;
      toldAt = Date.now();
      tell();
    },
    end: tell,
  };
}
