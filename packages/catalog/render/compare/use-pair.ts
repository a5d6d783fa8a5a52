import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../web/state/api-client.js";
import { asProblem } from "../../web/state/use-resource.js";
import type { CompareProps } from "../comparators.js";

/** Makes something of two states of a file; what is under way when they change is given up. */
export function usePair<Result>(
  { before, after, rows }: CompareProps,
  make: (sides: CompareProps, signal: AbortSignal) => Promise<Result>,
): { readonly result: Result | undefined; readonly problem: Problem | undefined } {
  const [result, setResult] = useState<Result | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    make({ before, after, rows }, signal).then(
      (made) => !signal.aborted && setResult(() => made),
      (error: unknown) => !signal.aborted && setProblem(asProblem(error)),
    );
    return () => controller.abort();
  }, [before.raw, after.raw]);
  return { result, problem };
}
