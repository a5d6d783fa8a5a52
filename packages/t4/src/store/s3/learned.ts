import { isRegion } from "./endpoint.js";
import type { Failure } from "./failure.js";

/** What a client learned from answers. */
export interface Learned {
  region: string;
  /** By how much the server's clock is ahead, milliseconds. */
  skewMs: number;
  /** The same, as far as signatures need it: 0 until one was refused for its time. */
  signingSkewMs: number;
}

/** Servers refuse signatures that are 15 minutes off; a difference below this is no reason. */
const NOTABLE_SKEW_MS = 5 * 60_000;
const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

/** Learns the server's time from an answer's `date`. */
export function learnTime(learned: Learned, date: string | undefined, now: number): void {
  const served = Date.parse(date ?? "");
  if (!Number.isNaN(served)) learned.skewMs = served - now;
}

/**
 * What makes a refused request worth another try at once: another region, the server's time, fresh credentials. A region
 * only changes what is signed and which of Amazon's own hosts is asked; no answer can name a host.
 */
export function cureFor(failure: Failure, learned: Learned): "region" | "clock" | "credentials" | undefined {
  const { status, code, region } = failure;
  if (region !== "" && region !== learned.region && isRegion(region) && status >= 300 && status < 500) {
    learned.region = region;
    return "region";
  }
  if (status === 403 && Math.abs(learned.skewMs - learned.signingSkewMs) > NOTABLE_SKEW_MS) {
    learned.signingSkewMs = learned.skewMs;
    return "clock";
  }
  // A HEAD is refused without a word; for an expired token it is with 400.
  return EXPIRED.has(code) || (status === 400 && code === "") ? "credentials" : undefined;
}
