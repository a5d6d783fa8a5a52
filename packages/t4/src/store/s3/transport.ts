/** Header names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  /** `https://host[:port]`. */
  readonly origin: string;
  /** Path and query as on the request line. */
  readonly url: string;
  /** With `host`, which is signed. */
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** An answer with a longer body is refused, bytes. */
  readonly maxBytes: number;
  /** So long may pass without a byte in either direction, milliseconds. */
  readonly idleMs: number;
}

/** One HTTP answer, its body whole. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Carries one request and brings its whole answer; follows no redirect and repeats nothing.
 *
 * Rejects with `signal.reason` when aborted, with any other error when the connection broke, stalled or could not be made.
 */
export type Transport = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;
