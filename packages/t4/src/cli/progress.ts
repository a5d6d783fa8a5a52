import type { OnProgress, Progress } from "t4";
import type { CliContext } from "./context.js";
import { bytes, count, counted, duration } from "./render.js";

/** The rate is that of the last seconds: files that were known already pass at once and say nothing of the others. */
const RATE_MS = 5000;
/** A file takes about as long as so many bytes, however small it is. */
const BYTES_PER_FILE = 32 << 10;
const WIDEST_BAR = 20;
/** A narrower bar says nothing. */
const NARROWEST_BAR = 5;
const CLEAR = "\u001b[K";

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
  const speedOf = speedometer();
  // The line is written over and its rest wiped, in one go: a line that is wiped first flickers.
  const show = (text: string): void => context.err({ shown: `\r${text}${CLEAR}` });
  try {
    return await work((progress) => show(progressLine(progress, speedOf(progress), context.columns() ?? 80)));
  } finally {
    show("");
  }
}

/** What the last moments brought in a second. */
interface Speed {
  readonly bytes: number;
  /** Bytes, with every file counted as some more. */
  readonly work: number;
}

function speedometer(): (progress: Progress) => Speed {
  let seen: (Progress & { readonly at: number })[] = [];
  return (progress) => {
    const now = { ...progress, at: Date.now() };
    seen = [...seen.filter(({ phase, at }) => phase === progress.phase && now.at - at < RATE_MS), now];
    const first = seen[0] ?? now;
    const seconds = (now.at - first.at) / 1000;
    if (seconds === 0) return { bytes: 0, work: 0 };
    return { bytes: (now.bytesDone - first.bytesDone) / seconds, work: (workOf(now) - workOf(first)) / seconds };
  };
}

function workOf({ filesDone, bytesDone }: Pick<Progress, "filesDone" | "bytesDone">): number {
  return bytesDone + filesDone * BYTES_PER_FILE;
}

/** Progress in one line of so many columns: a bar as wide as there is room, bytes, files, rate, time left. */
export function progressLine(progress: Progress, speed: Speed, columns: number): string {
  const { phase, filesDone, filesTotal = filesDone, bytesDone, bytesTotal = bytesDone } = progress;
  const total = workOf({ filesDone: filesTotal, bytesDone: bytesTotal });
  const left = total - workOf(progress);
  const facts = [
    filesTotal === filesDone ? counted(filesDone, "file") : `${count(filesDone)}/${counted(filesTotal, "file")}`,
    bytesTotal === bytesDone ? bytes(bytesDone) : `${bytes(bytesDone)}/${bytes(bytesTotal)}`,
    ...(speed.bytes >= 1 ? [`${bytes(Math.round(speed.bytes))}/s`] : []),
    ...(speed.work > 0 && left > 0 ? [`${duration(left / speed.work)} left`] : []),
  ].join(", ");
  const room = columns - 1 - phase.length - facts.length - 2;
  const bar = room < NARROWEST_BAR ? "" : `${barOf(total === 0 ? 1 : 1 - left / total, Math.min(room, WIDEST_BAR))} `;
  return `${phase} ${bar}${facts}`.slice(0, columns - 1);
}

function barOf(share: number, cells: number): string {
  const filled = Math.min(cells, Math.floor(share * cells));
  return `${"█".repeat(filled)}${"░".repeat(cells - filled)}`;
}
