/** Header names in lower case; a repeated header is joined with commas. */
export type Headers = Readonly<Record<string, string>>;

/** One HTTP request as it stands on the wire, its body read whole. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query exactly as on the request line. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** One HTTP answer, its body whole. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** No bytes. */
export const EMPTY = new Uint8Array(0);
