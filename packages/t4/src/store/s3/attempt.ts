import type { Clock } from "../../base/clock.js";
import { type Credentials, withoutSecrets } from "./credentials.js";
import { addressOf, type BucketLocation } from "./endpoint.js";
import { brokenConnection, type Failure, readFailure } from "./failure.js";
import { type Learned, learnTime, learnVersions } from "./learned.js";
import type { S3Request } from "./request.js";
import { isSlowDown } from "./retry.js";
import { EMPTY_SHA256, encodeKey, encodeQuery, signedHeaders } from "./sign.js";
import type { Throttle } from "./throttle.js";
import type { Headers, HttpRequest, HttpResponse, Transport } from "./transport.js";

/** The line to a bucket. */
export interface Line {
  readonly location: BucketLocation;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly throttle: Throttle;
}

/** An answer that was expected, or why there is none. */
export type Outcome = { readonly response: HttpResponse } | { readonly failure: Failure };

const MAX_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 30_000;
const LONG_IDLE_MS = 300_000;
const EMPTY = new Uint8Array(0);

/** A request and who sends it. */
export type Signed = S3Request & { readonly credentials: Credentials | undefined };

/** Sends a request once, when the throttle has a place for it; rejects only with `signal.reason`. */
export async function attempt(line: Line, learned: Learned, request: Signed): Promise<Outcome> {
  const { throttle, clock } = line;
  await throttle.acquire(request.signal);
  const { generation } = throttle;
  try {
    const sentAt = clock.now();
    const response = await line.transport(prepare(line, learned, request), request.signal);
    learnTime(learned, response.headers["date"], { sentAt, receivedAt: clock.now() });
    const failure = failureIn(response, request);
    // A part of an upload says nothing of versions.
    if (failure === undefined && request.query?.["uploadId"] === undefined) learnVersions(learned, request, response);
    if (failure === undefined) throttle.onSuccess();
    else if (isSlowDown(failure)) throttle.onSlowDown(generation);
    return failure === undefined ? { response } : { failure };
  } catch (error) {
    request.signal?.throwIfAborted();
    return { failure: brokenConnection(error) };
  } finally {
    throttle.release();
  }
}

function prepare({ location, clock }: Line, learned: Learned, request: Signed): HttpRequest {
  const { method, key, query = {}, body = EMPTY, bodyHash = EMPTY_SHA256, credentials } = request;
  const { origin, host, path: base } = addressOf(location, learned.region);
  const path = `${base}/${encodeKey(key ?? "")}`;
  const length: Headers = method === "PUT" || method === "POST" ? { "content-length": String(body.length) } : {};
  const headers = { host, ...length, ...request.headers };
  const scope = { now: clock.now() + learned.signingSkewMs, region: learned.region };
  const signable = { method, path, query, headers, payloadHash: bodyHash };
  const pairs = encodeQuery(query);
  return {
    method,
    origin,
    url: pairs === "" ? path : `${path}?${pairs}`,
    headers: credentials === undefined ? headers : signedHeaders(signable, credentials, scope),
    body,
    maxBytes: request.maxBytes ?? MAX_BYTES,
    idleMs: request.isLong === true ? LONG_IDLE_MS : IDLE_MS,
  };
}

/** Why an answer is none; `undefined` when it is one. A missing bucket is not a missing object. */
function failureIn(response: HttpResponse, request: Signed): Failure | undefined {
  const isExpected = request.expects.includes(response.status);
  const isPlain = isExpected && response.status < 300 && request.isLong !== true;
  if (isPlain) return undefined;
  const failure = readFailure(response);
  if (isExpected && failure.code !== "NoSuchBucket" && (failure.code === "" || response.status >= 300))
    return undefined;
  return { ...failure, message: withoutSecrets(failure.message, request.credentials) };
}
