/** What a long operation is doing now. */
export type ProgressPhase = "scan" | "hash" | "copy" | "verify" | "publish";

/** One snapshot of a long operation, delivered at most about ten times a second and once at the end of each phase. */
export interface Progress {
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
  /** Aborts the operation; it rejects with `signal.reason` and leaves nothing half-done behind. */
  readonly signal?: AbortSignal;
  /** Called with progress. */
  readonly onProgress?: OnProgress;
}
