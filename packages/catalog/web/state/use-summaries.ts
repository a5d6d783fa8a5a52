import { useEffect, useRef, useState } from "preact/hooks";
import type { SummaryResult } from "../../server/api.js";
import { request } from "./api-client.js";
import { linesOf } from "./lines.js";

/** Summaries of the packages in sight. */
export interface Summaries {
  readonly summaryOf: (name: string) => SummaryResult | undefined;
  /** Says which packages are in sight. */
  readonly want: (names: readonly string[]) => void;
}

/** Fast scrolling asks for nothing until it rests this long. */
const REST_MS = 60;

/** Asks for summaries as packages come into sight, and shows each as it arrives. */
export function useSummaries(registry: string): Summaries {
  const known = useRef(new Map<string, SummaryResult>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const controller = useRef(new AbortController());
  const [, redraw] = useState(0);
  useEffect(() => () => controller.current.abort(), []);
  const want = (names: readonly string[]): void => {
    clearTimeout(timer.current);
    const missing = names.filter((name) => !known.current.has(name));
    if (missing.length === 0) return;
    timer.current = setTimeout(() => void load(missing), REST_MS);
  };
  const load = async (names: readonly string[]): Promise<void> => {
    controller.current.abort();
    controller.current = new AbortController();
    const search = new URLSearchParams(names.map((name): [string, string] => ["name", name]));
    try {
      const url = `/api/v1/r/${registry}/summaries?${search}`;
      const { body } = await request(url, { signal: controller.current.signal });
      if (body === null) return;
      for await (const line of linesOf(body)) {
        const result = JSON.parse(line) as SummaryResult;
        known.current.set(result.name, result);
        redraw((count) => count + 1);
      }
    } catch {
      // Scrolled on, or the server is gone, which the next request says.
    }
  };
  return { summaryOf: (name) => known.current.get(name), want };
}
