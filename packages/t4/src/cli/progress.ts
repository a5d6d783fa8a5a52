import type { Progress } from "t4";
import type { CliContext } from "./context.js";
import { bytes, counted } from "./render.js";

/** Shows progress in one line of a terminal; silent elsewhere. */
export interface ProgressLine {
  readonly onProgress: (progress: Progress) => void;
  /** Wipes the line. */
  clear(): void;
}

const BAR_CELLS = 24;

/** Starts a line of progress. */
export function progressLine(context: CliContext, isQuiet: boolean): ProgressLine {
  const isShown = context.isTerminal && !isQuiet;
  const startedAt = Date.now();
  return {
    onProgress(progress) {
      if (isShown) context.err(`\r\u001b[2K${describe(progress, (Date.now() - startedAt) / 1000)}`);
    },
    clear() {
      if (isShown) context.err("\r\u001b[2K");
    },
  };
}

function describe({ phase, filesDone, filesTotal, bytesDone, bytesTotal }: Progress, seconds: number): string {
  const rate = bytesDone / Math.max(seconds, 0.001);
  const counts = `${counted(filesDone, "file")}, ${bytes(bytesDone)}, ${bytes(Math.round(rate))}/s`;
  if (bytesTotal === undefined || bytesTotal === 0) return `${phase}: ${counts}`;
  const share = Math.min(1, bytesDone / bytesTotal);
  const filled = Math.round(share * BAR_CELLS);
  const left = rate > 0 ? `, ${Math.ceil((bytesTotal - bytesDone) / rate)} s left` : "";
  const total = filesTotal === undefined ? "" : ` of ${filesTotal.toLocaleString("en-US")}`;
  return `${phase} [${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)}] ${counts}${total}${left}`;
}
