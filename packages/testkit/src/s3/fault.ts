/** What can go wrong with one request, each with what it means for both sides. */
export const FAULTS = {
  "reset-before": "the connection is reset; nothing was applied",
  "reset-after": "applied, then the connection is reset instead of an answer",
  "lost-answer": "applied, and no answer ever comes",
  stall: "nothing is applied, and no answer ever comes",
  duplicate: "applied twice; the second answer comes",
  zombie: "the connection is reset; applied after a delay, when the client has given up on it",
  delay: "applied and answered after a delay",
  "error-before": "500 InternalError; nothing was applied",
  "error-after": "applied, then 500 InternalError",
  "error-in-200":
    "applied, then a 200 whose document is an error, as CompleteMultipartUpload and CopyObject may answer",
  "slow-down": "503 SlowDown; nothing was applied",
  conflict: "409 ConditionalRequestConflict; nothing was applied",
  "cut-body": "the answer's connection breaks in the middle of the body",
  "short-length": "Content-Length is smaller than the body was: the answer looks whole and is not",
  "wrong-body": "one byte of the answer's body is flipped, its headers are untouched",
  "slow-body": "the answer's body comes in small pieces with pauses",
  redirect: "307 TemporaryRedirect to another host; nothing was applied",
  "skewed-clock": "403 RequestTimeTooSkewed, as if the server's clock were elsewhere; nothing was applied",
} as const satisfies Readonly<Record<string, string>>;

/** Name of a fault. */
export type FaultKind = keyof typeof FAULTS;

/** One fault, for one request. */
export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds: how late a zombie or a delayed request is applied, or the pause of a slow body; default 200. */
  readonly delayMs?: number;
  /** Where a redirect leads; default a host that does not exist. */
  readonly location?: string;
}
