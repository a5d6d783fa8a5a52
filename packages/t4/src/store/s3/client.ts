import { untilAborted } from "../../base/until-aborted.js";
import { attempt, type Line } from "./attempt.js";
import type { CredentialProvider, Credentials } from "./credentials.js";
import { addressOf, type BucketLocation, DEFAULT_REGION } from "./endpoint.js";
import { type Asked, exhausted, type Failure, refusal } from "./failure.js";
import { cureFor, knowing, type Learned } from "./learned.js";
import { type PresignedRead, type PresignRequest, presign } from "./presign.js";
import type { S3Answer, S3Request } from "./request.js";
import { isLasting, isTransient, mostTries, pauseMs, type RetryPolicy } from "./retry.js";

/** Sends requests about one bucket: signed, repeated where that helps, never hanging. */
export interface S3Client {
  readonly bucket: string;
  /**
   * Sends a request until it has an answer.
   *
   * @throws {@link T4Error} `ERR_T4_ACCESS`, `ERR_T4_NOT_FOUND` (no such bucket), `ERR_T4_UNSUPPORTED`; `ERR_T4_IO` when all
   * tries failed.
   */
  send(request: S3Request): Promise<S3Answer>;
  /** Makes a URL with which somebody else can read an object; `undefined` where requests are not signed. Nothing is asked. */
  presign(request: PresignRequest): Promise<PresignedRead | undefined>;
  /** Milliseconds since 1970 by the server's clock, as far as its answers told. */
  now(): number;
  /** Whether objects have versions, as far as answers told. */
  hasVersions(): boolean | undefined;
}

/** What a client stands on. */
export interface S3ClientOptions extends Line {
  readonly credentials: CredentialProvider;
  readonly random: () => number;
  readonly retry: RetryPolicy;
}

/**
 * Makes a client of one bucket.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a bucket, region or endpoint that cannot be.
 */
export function s3Client(options: S3ClientOptions): S3Client {
  const { location, clock } = options;
  const learned = knowing(location.region ?? DEFAULT_REGION);
  addressOf(location, learned.region);
  const now = (): number => clock.now() + learned.skewMs;
  return {
    bucket: location.bucket,
    send: (request) => send(options, learned, request),
    presign: (request) => presign({ ...options, now: now() }, learned, request),
    now,
    hasVersions: () => learned.isVersioned,
  };
}

async function send(options: S3ClientOptions, learned: Learned, request: S3Request): Promise<S3Answer> {
  const { clock, random } = options;
  const policy = policyOf(options, request);
  const started = clock.now();
  let isRefused = false;
  let isRepeated = false;
  for (let tries = 1; ; tries++) {
    const credentials = await untilAborted(options.credentials({ isRefused }), request.signal);
    const outcome = await attempt(options, learned, { ...request, credentials });
    if ("response" in outcome) return { ...outcome.response, isRepeated };
    const { failure } = outcome;
    isRepeated ||= isDoubtful(failure);
    const ms = clock.now() - started;
    const isLast = tries >= mostTries(policy, failure.cause) || ms >= policy.maxMs;
    const cure: ReturnType<typeof cureFor> = isLast ? undefined : cureFor(failure, learned);
    // Fresh credentials that are refused as well are no better the next time.
    if (cure !== undefined && !(cure === "credentials" && isRefused)) {
      isRefused = cure === "credentials";
      continue;
    }
    const asked = describe(options.location, request, { learned, credentials });
    if (!isTransient(failure)) throw refusal(failure, asked);
    if (isLast || isLasting(failure.cause)) throw exhausted(failure, { ...asked, tries, ms });
    await clock.sleep(pauseMs(policy, tries, random), request.signal);
  }
}

/** The policy for a request that may have less patience than others. */
function policyOf({ retry }: S3ClientOptions, { maxTries = retry.maxTries }: S3Request): RetryPolicy {
  return { ...retry, maxTries: Math.min(maxTries, retry.maxTries) };
}

/** Whether the server may have done what was asked although it did not say so. */
function isDoubtful({ status }: Failure): boolean {
  return status === 0 || status === 200 || status >= 500;
}

function describe(
  location: BucketLocation,
  { method, key }: S3Request,
  { learned, credentials }: { readonly learned: Learned; readonly credentials: Credentials | undefined },
): Asked {
  return {
    method,
    url: `s3://${location.bucket}${key === undefined ? "" : `/${key}`}`,
    host: addressOf(location, learned.region).host,
    isAnonymous: credentials === undefined,
  };
}
