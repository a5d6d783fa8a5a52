import { systemCode } from "../../base/errors.js";

/** When a request that failed is sent again. */
export interface RetryPolicy {
  /** How often it is sent at most. */
  readonly maxTries: number;
  /** After so long it is not sent again, milliseconds. */
  readonly maxMs: number;
  /** First pause, milliseconds; each further one is twice as long, up to {@link RetryPolicy.maxPauseMs}. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** What T4 does everywhere: ten tries within five minutes. */
export const RETRY_POLICY: RetryPolicy = { maxTries: 10, maxMs: 300_000, pauseMs: 50, maxPauseMs: 20_000 };

/** The pause before the try after `tries`, with full jitter: clients that failed together do not come back together. */
export function pauseMs(policy: RetryPolicy, tries: number, random: () => number): number {
  return random() * Math.min(policy.maxPauseMs, policy.pauseMs * 2 ** (tries - 1));
}

/** Statuses that say nothing about the request itself; 0: the connection broke. */
const TRANSIENT_STATUS = new Set([0, 408, 425, 429, 500, 502, 503, 504]);
/** Codes of other statuses that go away by themselves; damaged on the way counts among them. */
const TRANSIENT_CODES = new Set([
  "BadDigest",
  "ConditionalRequestConflict",
  "IncompleteBody",
  "InternalError",
  "OperationAborted",
  "RequestTimeTooSkewed",
  "RequestTimeout",
  "ServiceUnavailable",
  "SlowDown",
  "XAmzContentSHA256Mismatch",
]);

/** Whether an answer is worth asking again. */
export function isTransient({ status, code }: { readonly status: number; readonly code: string }): boolean {
  return TRANSIENT_STATUS.has(status) || TRANSIENT_CODES.has(code);
}

/** Whether the server has too much to do. */
export function isSlowDown({ status, code }: { readonly status: number; readonly code: string }): boolean {
  return status === 503 || status === 429 || code === "SlowDown";
}

/** A host's name that does not resolve is mostly misspelt; a resolver that stumbled is asked again. */
const UNRESOLVED_TRIES = 3;

/** Whether the name of a host does not exist. */
export function isUnresolved(error: unknown): boolean {
  return systemCode(error) === "ENOTFOUND";
}

/** How often a request that failed so is sent at most. */
export function mostTries({ maxTries }: RetryPolicy, error: unknown): number {
  return isUnresolved(error) ? Math.min(maxTries, UNRESOLVED_TRIES) : maxTries;
}

/** Whether a connection broke for a reason that lasts, such as a certificate that is not trusted. */
export function isLasting(error: unknown): boolean {
  return /CERT|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY|^EPROTO$|^ERR_INVALID/.test(systemCode(error) ?? "");
}
