/**
 * What a long operation is doing now: `"hash"` reads files, `"copy"` stores or installs them, `"verify"` compares them, `"query"`
 * computes what a statement in SQL asks of them. The figures of the last are the engine's estimate, as a share of the files' bytes.
 */
export type ProgressPhase = "hash" | "copy" | "verify" | "query";

/** One snapshot of a long operation, delivered at most about ten times a second and once at the end of each phase. */
export interface Progress {
  /** The phase that the figures are of. */
  readonly phase: ProgressPhase;
  /** Files finished in this phase. */
  readonly filesDone: number;
  /** Files in all, when known. */
  readonly filesTotal?: number;
  /** Bytes processed in this phase. */
  readonly bytesDone: number;
  /** Bytes in all, when known. */
  readonly bytesTotal?: number;
}

/** Receives {@link Progress}; must not throw. */
export type OnProgress = (progress: Progress) => void;

/** What every long operation takes. */
export interface LongOperationOptions {
  /**
   * Aborts the operation: it rejects with `signal.reason`, as it is. Every file and revision is then its old or its new
   * self, and doing the same again goes on from there.
   */
  readonly signal?: AbortSignal;
  /** Called with progress. */
  readonly onProgress?: OnProgress;
}
