import type { OnProgress } from "../../base/progress.js";
import type { Entry } from "../../format/entry.js";
import type { Engine } from "./engine.js";

/** Time between two reports. */
const PAUSE_MS = 100;

/** What a statement reads, and who wants to know how far it is. */
export interface QueryWatch {
  readonly entries: readonly Entry[];
  readonly onProgress: OnProgress | undefined;
}

/**
 * Tells how far a statement is while it runs: DuckDB's own estimate, as a share of the bytes of the files. Of a statement that reads
 * no file nothing is told.
 */
export async function watchQuery<Result>(
  { connection }: Engine,
  { entries, onProgress }: QueryWatch,
  work: () => Promise<Result>,
): Promise<Result> {
  if (onProgress === undefined || entries.length === 0) return work();
  const filesTotal = entries.length;
  const bytesTotal = entries.reduce((sum, { size }) => sum + (typeof size === "number" ? size : 0), 0);
  let share = 0;
  const tell = (): void => {
    // It is negative where DuckDB cannot say, and may step back from one part of a statement to the next.
    share = Math.max(share, Math.min(1, connection.progress.percentage / 100));
    onProgress({ phase: "query", filesDone: 0, filesTotal, bytesDone: Math.floor(share * bytesTotal), bytesTotal });
  };
  tell();
  const timer = setInterval(tell, PAUSE_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
