/** Storage is of one port; cookies go to all ports of a machine. */
const KEPT = "t4-session";

/** Of a worker, which has no storage. */
let given: string | undefined;

/** What requests to the API carry; absent before the session is open. */
export function secret(): string | undefined {
  return given ?? globalThis.localStorage?.getItem(KEPT) ?? undefined;
}

/** Keeps it for all tabs of this server. */
export function keepSecret(value: string): void {
  localStorage.setItem(KEPT, value);
}

/** Takes it from the page that started this worker. */
export function takeSecret(value: string | undefined): void {
  given = value;
}
