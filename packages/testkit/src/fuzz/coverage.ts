import { type Profiler, Session } from "node:inspector";

/** Tells which code has been run, as V8 counts it. */
export interface Coverage {
  /** Runs something and tells whether code ran that never had before. */
  isNews(act: () => void): boolean;
  stop(): void;
}

/** Watches the code in files of which the URL contains `part`. */
export function watchCoverage(part: string): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set<string>();
  const take = (): Profiler.ScriptCoverage[] => {
    let taken: Profiler.ScriptCoverage[] = [];
    session.post("Profiler.takePreciseCoverage", (error, { result } = { result: [] }) => {
      if (error === null) taken = result;
    });
    return taken;
  };
  return {
    isNews(act) {
      act();
      const before = seen.size;
      for (const { url, functions } of take()) {
        if (!url.includes(part)) continue;
        for (const { ranges } of functions) {
          // How often a piece ran counts, too, in powers of two: loops that go round more often are new paths.
          for (const { startOffset, endOffset, count } of ranges)
            if (count > 0) seen.add(`${url} ${startOffset} ${endOffset} ${Math.floor(Math.log2(count))}`);
        }
      }
      return seen.size > before;
    },
    stop: () => session.disconnect(),
  };
}
