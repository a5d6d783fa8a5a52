import { useEffect, useState } from "preact/hooks";
import { asProblem, getJson, type Problem } from "./api-client.js";

/** Something of the server's: there, failed, or neither yet. */
export interface Resource<Data> {
  readonly data: Data | undefined;
  readonly problem: Problem | undefined;
  /** Asks again. */
  readonly retry: () => void;
}

/** Answers below a top hash never change: those seen last are shown at once when one comes back. */
const seen = new Map<string, unknown>();
const MOST_SEEN = 200;

/** Of what does not change: names may be `m`, too. */
const BELOW_A_HASH = /^\/api\/v1\/r\/[^/]+\/p\/[^/]+\/[^/]+\/m\/[0-9a-f]{64}(?:[/?]|$)/;

function remember(url: string, data: unknown): void {
  const isPassing = (data as { readonly isCounted?: boolean } | null)?.isCounted === false;
  if (isPassing || !BELOW_A_HASH.test(url)) return;
  seen.set(url, data);
  for (const oldest of seen.keys()) if (seen.size > MOST_SEEN) seen.delete(oldest);
}

interface State<Data> {
  readonly url: string | undefined;
  readonly data?: Data;
  readonly problem?: Problem;
}

/** `undefined`: nobody waits for it any more. */
async function read<Data>(url: string, signal: AbortSignal): Promise<State<Data> | undefined> {
  try {
    const data = await getJson<Data>(url, { signal });
    remember(url, data);
    return { url, data };
  } catch (error) {
    return signal.aborted ? undefined : { url, problem: asProblem(error) };
  }
}

/** Reads JSON from an address, again whenever it changes; `undefined` reads nothing. */
export function useResource<Data>(url: string | undefined): Resource<Data> {
  const [state, setState] = useState<State<Data>>({ url: undefined });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (url === undefined || seen.has(url)) return undefined;
    const controller = new AbortController();
    void read<Data>(url, controller.signal).then((answer) => {
      if (answer !== undefined) setState(answer);
      return answer;
    });
    return () => controller.abort();
  }, [url, attempt]);
  const retry = (): void => setAttempt(attempt + 1);
  const known = url === undefined ? undefined : (seen.get(url) as Data | undefined);
  if (known !== undefined) return { data: known, problem: undefined, retry };
  // What belongs to the address before is not shown under this one.
  const isCurrent = state.url === url;
  return { data: isCurrent ? state.data : undefined, problem: isCurrent ? state.problem : undefined, retry };
}
