import type { Headers, HttpResponse } from "./transport.js";

/** One request about a bucket. */
export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** From the bucket's root; absent: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Lower case. */
  readonly headers?: Headers;
  readonly body?: Uint8Array;
  /** SHA-256 of the body, hexadecimal; needed with a body. */
  readonly bodyHash?: string;
  /** Statuses that are answers; all others are repeated or thrown. */
  readonly expects: readonly number[];
  /** Longest body of an answer, bytes; default 16 MiB. */
  readonly maxBytes?: number;
  /** The server may work for minutes, and say only in the document of a 200 that it failed: copies and ends of uploads. */
  readonly isLong?: boolean;
  /** How often it is sent at most. Default: as often as all requests. */
  readonly maxTries?: number;
  readonly signal?: AbortSignal;
}

/** An answer that was expected. */
export interface S3Answer extends HttpResponse {
  /** An earlier try got no answer, or a doubtful one: the server may have done what was asked before. */
  readonly isRepeated: boolean;
}
