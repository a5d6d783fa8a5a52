import type { WorkProgress } from "../../server/table-api.js";
import { getJson } from "./api-client.js";

/** Time between two looks. */
const LOOK_MS = 300;

/** Asks the server for something that may take long, and looks meanwhile how far it is. */
export async function watchWork<Answer>(
  ask: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  tell: (progress: WorkProgress) => void,
): Promise<Answer> {
  const word = crypto.randomUUID();
  const over = new AbortController();
  const look = async (): Promise<void> => {
    // What cannot be told is not missed: the answer says itself what is wrong.
    const asked = getJson<WorkProgress | null>(`/api/v1/work/${word}`, { signal: over.signal }).catch(() => null);
    const progress = await asked;
    if (over.signal.aborted) return;
    if (progress !== null) tell(progress);
    timer = setTimeout(() => void look(), LOOK_MS);
  };
  let timer = setTimeout(() => void look(), LOOK_MS);
  try {
    return await ask({ "X-T4-Work": word });
  } finally {
    over.abort();
    clearTimeout(timer);
  }
}
