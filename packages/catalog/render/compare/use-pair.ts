import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../server/api.js";
import type { WorkProgress } from "../../server/table-api.js";
import { Problem } from "../../web/state/api-client.js";
import { secret } from "../../web/state/secret.js";
import type { CompareProps } from "../comparators.js";
import { startWorker } from "../worker-url.js";
// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from "./compare-worker.ts?worker&url";
import type { RowDiff } from "./row-diff.js";
import type { Sides } from "./sides.js";
import type { TextDiff } from "./text-diff.js";

/** What each way of comparing finds. */
interface Found {
  readonly rows: RowDiff;
  readonly lines: TextDiff;
}

/** What a worker is asked. */
export interface CompareRequest {
  readonly way: keyof Found;
  readonly sides: Sides;
  /** What requests to the API carry. */
  readonly secret: string | undefined;
}

/** What it answers, after it told how far it is. */
export type CompareAnswer =
  | { readonly progress: WorkProgress }
  | { readonly found: Found[keyof Found] }
  | { readonly error: ApiError };

/** Compares two states of a file beside the page, which moves on meanwhile; what is under way when they change is given up. */
export function usePair<Way extends keyof Found>(
  { before, after, rows }: CompareProps,
  way: Way,
): {
  readonly result: Found[Way] | undefined;
  readonly problem: Problem | undefined;
  readonly progress: WorkProgress | undefined;
} {
  const [result, setResult] = useState<Found[Way] | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  const [progress, setProgress] = useState<WorkProgress | undefined>();
  useEffect(() => {
    const worker = startWorker(workerUrl);
    worker.addEventListener("message", ({ data }: MessageEvent<CompareAnswer>) => {
      if ("progress" in data) return setProgress(data.progress);
      if ("error" in data) setProblem(new Problem(data.error));
      else setResult(data.found as Found[Way]);
      worker.terminate();
    });
    worker.addEventListener("error", ({ message }) => setProblem(new Problem({ code: "WorkerFailed", message })));
    const [old, now] = [before, after].map(({ path, size, raw }) => ({ path, size, raw }));
    if (old && now) {
      const sides = { before: old, after: now, rows };
      worker.postMessage({ way, sides, secret: secret() } satisfies CompareRequest);
    }
    return () => worker.terminate();
  }, [before.raw, after.raw, way]);
  return { result, problem, progress };
}
