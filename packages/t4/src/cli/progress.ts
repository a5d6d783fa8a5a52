import type { OnProgress, Progress } from "t4";
import type { CliContext } from "./context.js";
import { bytes, counted, duration } from "./render.js";
import { shown } from "./shown.js";

const BAR_CELLS = 20;
/** The rate is that of the last seconds: files that were known already pass at once and say nothing of the others. */
const RATE_MS = 5000;

/**
 * Does long work with its progress in one line of a terminal, which is wiped when it ends, fails or is cancelled. Elsewhere
 * `onProgress` is `undefined`, so that nothing is computed for it.
 */
export async function withProgress<Result>(
  context: CliContext,
  isQuiet: boolean | undefined,
  work: (onProgress: OnProgress | undefined) => Promise<Result>,
): Promise<Result> {
  if (context.columns() === undefined || isQuiet === true) return work(undefined);
  const rateOf = rateMeter();
  const show = (text: string): void => context.err(shown`\r\u001b[2K${text.slice(0, (context.columns() ?? 80) - 1)}`);
  try {
    return await work((progress) => show(describe(progress, rateOf(progress))));
  } finally {
    show("");
  }
}

/** Bytes per second of the last moments. */
function rateMeter(): (progress: Progress) => number {
  let seen: { readonly at: number; readonly phase: string; readonly bytesDone: number }[] = [];
  return ({ phase, bytesDone }) => {
    const at = Date.now();
    seen = [...seen.filter((point) => point.phase === phase && at - point.at < RATE_MS), { at, phase, bytesDone }];
    const first = seen[0] ?? { at, bytesDone };
    return at === first.at ? 0 : ((bytesDone - first.bytesDone) * 1000) / (at - first.at);
  };
}

function describe({ phase, filesDone, filesTotal, bytesDone, bytesTotal = 0 }: Progress, rate: number): string {
  const files = filesTotal === undefined ? counted(filesDone, "file") : `${filesDone}/${counted(filesTotal, "file")}`;
  const speed = rate > 0 ? `, ${bytes(Math.round(rate))}/s` : "";
  if (bytesTotal === 0) return `${phase}: ${files}, ${bytes(bytesDone)}${speed}`;
  const filled = Math.round(Math.min(1, bytesDone / bytesTotal) * BAR_CELLS);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)}`;
  const left = rate > 0 && bytesDone < bytesTotal ? `, ${duration((bytesTotal - bytesDone) / rate)} left` : "";
  return `${phase} ${bar} ${bytes(bytesDone)}/${bytes(bytesTotal)}, ${files}${speed}${left}`;
}
