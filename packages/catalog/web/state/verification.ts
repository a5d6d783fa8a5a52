import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Verification } from "../../server/api.js";
import { getJson, request } from "./api-client.js";
import { linesOf } from "./lines.js";
import { say } from "./toast.js";

/** What is known of each revision, by its address in the API; `null`: it was not verified here. */
const known = signal<ReadonlyMap<string, Verification | null>>(new Map());
const running = new Map<string, AbortController>();

function keep(api: string, state: Verification | null): void {
  known.value = new Map([...known.value, [api, state]]);
}

/** How far a revision is verified; asks the server what it knows of it when this is first shown. */
export function useVerification(api: string): Verification | null | undefined {
  useEffect(() => {
    if (known.value.has(api)) return;
    getJson<Verification | null>(`${api}/verify`).then(
      (state) => known.value.has(api) || keep(api, state),
      // The button is there; what is wrong is said when it is pressed.
      () => undefined,
    );
  }, [api]);
  return known.value.get(api);
}

/** Has every byte read and compared, and tells how far it is. */
export async function verify(api: string): Promise<void> {
  if (running.has(api)) return;
  const controller = new AbortController();
  running.set(api, controller);
  try {
    const headers = { "Content-Type": "application/json" };
    const options = { method: "POST", headers, body: "{}", signal: controller.signal };
    const { body } = await request(`${api}/verify`, options);
    if (body !== null) for await (const line of linesOf(body)) keep(api, JSON.parse(line) as Verification);
  } catch (error) {
    keep(api, null);
    say(
      controller.signal.aborted ? "Verification was cancelled" : String(error instanceof Error ? error.message : error),
    );
  }
  running.delete(api);
}

/** Ends a verification that is under way. */
export function cancelVerification(api: string): void {
  running.get(api)?.abort();
}
