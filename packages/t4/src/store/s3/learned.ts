import { isRegion } from "./endpoint.js";
import type { Failure } from "./failure.js";
import type { S3Request } from "./request.js";
import type { HttpResponse } from "./transport.js";

/** What a client learned from answers. */
export interface Learned {
  region: string;
  /** By how much the server's clock is ahead, milliseconds: the least that fits what its answers said. */
  skewMs: number;
  /** Bounds of that. */
  skewBounds: readonly [least: number, most: number];
  /** The same, as far as signatures need it: 0 until one was refused for its time. */
  signingSkewMs: number;
  /** Whether objects of the bucket have versions; `undefined` until an answer about one told. */
  isVersioned: boolean | undefined;
}

/** Servers refuse signatures that are 15 minutes off; a difference below this is no reason. */
const NOTABLE_SKEW_MS = 5 * 60_000;
const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

/** Learns from an answer about an object that is there whether it has versions. */
export function learnVersions(learned: Learned, { method, key }: S3Request, { status, headers }: HttpResponse): void {
  const isAboutObject = key !== undefined && (method === "GET" || method === "HEAD" || method === "PUT");
  if (isAboutObject && status >= 200 && status < 300) learned.isVersioned = headers["x-amz-version-id"] !== undefined;
}

/** What a client knows before the first answer. */
export function knowing(region: string): Learned {
  return { region, skewMs: 0, skewBounds: ANY_SKEW, signingSkewMs: 0, isVersioned: undefined };
}

const ANY_SKEW = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
/** So little is nothing. */
const NOTHING_MS = 1500;
/** An answer's date is cut off to whole seconds, and some servers write it down only once in a while. */
const DATE_MS = 2500;

/**
 * Learns the server's time from an answer's `date`, which was written between the request and its answer. Clocks that may
 * be right count as right: else what two processes on one machine do within a second would be recorded in any order.
 */
export function learnTime(
  learned: Learned,
  date: string | undefined,
  { sentAt, receivedAt }: { readonly sentAt: number; readonly receivedAt: number },
): void {
  const served = Date.parse(date ?? "");
  if (Number.isNaN(served)) return;
  const now = [served - receivedAt, served + DATE_MS - sentAt] as const;
  const both = [Math.max(now[0], learned.skewBounds[0]), Math.min(now[1], learned.skewBounds[1])] as const;
  // One of the clocks was set meanwhile.
  learned.skewBounds = both[0] <= both[1] ? both : now;
  const least = Math.min(Math.max(0, learned.skewBounds[0]), learned.skewBounds[1]);
  learned.skewMs = Math.abs(least) < NOTHING_MS ? 0 : least;
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
