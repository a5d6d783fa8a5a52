import { seededRandom } from "../random.js";
import { type Account, TEST_ACCOUNT } from "./account.js";
import { authenticate } from "./authenticate.js";
import { authorize } from "./authorize.js";
import type { Bucket } from "./bucket.js";
import { answer, type BucketOptions, type Limits, type Service } from "./call.js";
import { checkWrite } from "./conditions.js";
import { HANDLERS } from "./handlers.js";
import { EMPTY, type HttpRequest, type HttpResponse } from "./message.js";
import { newBucket } from "./operations/buckets.js";
import { deviationsOf, type ProfileName } from "./profiles.js";
import { routeOf } from "./route.js";
import { S3Error } from "./s3-error.js";
import { writeXml } from "./xml.js";

/** Options of {@link createSimulator}. */
export interface SimulatorOptions {
  /** The kind of engine to be; default `aws`. */
  readonly profile?: ProfileName;
  /** Region of the endpoint; default `us-east-1`. */
  readonly region?: string;
  /** Default: {@link TEST_ACCOUNT} alone. */
  readonly accounts?: readonly Account[];
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
  /** Seed of version ids, upload ids and request ids; default 1. */
  readonly seed?: number;
  /** Sizes other than Amazon's. */
  readonly limits?: Partial<Limits>;
}

/** An S3 service in memory. */
export interface Simulator {
  readonly profile: ProfileName;
  readonly region: string;
  readonly accounts: readonly Account[];
  /** Answers one request, at once and as a whole: between two requests nothing is half done. */
  handle(request: HttpRequest): HttpResponse;
  /**
   * Takes a request in and returns what answers it. Between the two other requests may be answered; only an engine with
   * `races-lost-when-versioned` checks the conditions of a write first and writes later.
   */
  begin(request: HttpRequest): () => HttpResponse;
  /** Makes a bucket; its owner is the first account unless told otherwise. */
  createBucket(name: string, options?: BucketOptions): Bucket;
  /** What is in a bucket, for tests that look behind the API. */
  bucket(name: string): Bucket;
  /** Milliseconds since 1970, as the service sees it. */
  readonly now: () => number;
}

const MEBIBYTE = 1024 * 1024;
const LIMITS: Limits = {
  minPartBytes: 5 * MEBIBYTE,
  maxParts: 10_000,
  maxPutBytes: 5 * 1024 * MEBIBYTE,
  maxKeys: 1000,
};
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Makes an S3 service in memory, as strict as Amazon S3: signatures, conditions, checksums, versions and policies count.
 *
 * @example
 * const s3 = createSimulator({ profile: "ceph-16" });
 * s3.createBucket("data", { versioning: "Enabled" });
 * const server = await serveSimulator(s3);
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { profile = "aws", region = "us-east-1", accounts = [TEST_ACCOUNT], now = Date.now, seed = 1 } = options;
  const deviations = deviationsOf(profile);
  const random = seededRandom(seed);
  const service: Service = {
    buckets: new Map(),
    region,
    limits: { ...LIMITS, ...options.limits },
    now,
    newId: (length) => Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join(""),
    has: (deviation) => deviations.has(deviation),
  };
  return {
    profile,
    region,
    accounts,
    handle: (request) => handle(service, accounts, request),
    begin(request) {
      const isChecked = service.has("races-lost-when-versioned") && holdsNow(service, request);
      return () => handle(service, accounts, { ...request, isChecked });
    },
    createBucket(name, bucket = {}) {
      if (bucket.versioning !== undefined && service.has("no-versioning")) {
        throw new Error(`The profile ${profile} has no versions; bucket ${name} asks for them.`);
      }
      return newBucket(service, name, { owner: accounts[0]?.id ?? "", ...bucket });
    },
    bucket(name) {
      const bucket = service.buckets.get(name);
      if (bucket === undefined) throw new Error(`There is no bucket ${name} in this simulator.`);
      return bucket;
    },
    now,
  };
}

/** A request, and whether its conditions were found to hold already. */
type Incoming = HttpRequest & { readonly isChecked?: boolean };

/** Whether a PUT into a versioned bucket may be written as things are now. */
function holdsNow(service: Service, request: HttpRequest): boolean {
  try {
    const { operation, bucket: name, key } = routeOf(request);
    const bucket = service.buckets.get(name);
    if (operation !== "PutObject" || bucket?.versioning !== "Enabled") return false;
    checkWrite({ service, bucket, key, headers: request.headers });
    return true;
  } catch {
    return false;
  }
}

function handle(service: Service, accounts: readonly Account[], request: Incoming): HttpResponse {
  const requestId = service.newId(16).toUpperCase();
  const hostId = `${service.newId(56)}=`;
  const common = {
    date: new Date(service.now()).toUTCString(),
    server: "AmazonS3",
    "x-amz-request-id": requestId,
    "x-amz-id-2": hostId,
  };
  try {
    const response = run(service, accounts, request);
    return { ...response, headers: { ...common, ...response.headers } };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const response = errorResponse(error, { isHead: request.method === "HEAD", requestId, hostId });
    return { ...response, headers: { ...common, ...response.headers } };
  }
}

function run(service: Service, accounts: readonly Account[], request: Incoming): HttpResponse {
  const route = routeOf(request);
  const isLenient = service.has("signatures-unchecked");
  const sender = authenticate(request, { accounts, region: service.region, now: service.now(), isLenient });
  const call = { ...route, ...sender, service, method: request.method, isChecked: request.isChecked === true };
  authorize(call);
  return HANDLERS[route.operation].run(call);
}

/** An error as S3 words it; a HEAD has no document. */
export function errorResponse(
  error: S3Error,
  { isHead, requestId, hostId }: { readonly isHead: boolean; readonly requestId: string; readonly hostId: string },
): HttpResponse {
  const { elements = {}, headers = {} } = error.details;
  const content = { Code: error.code, Message: error.message, ...elements, RequestId: requestId, HostId: hostId };
  const body = isHead ? EMPTY : writeXml("Error", content);
  return answer(error.status, { "content-type": "application/xml", ...headers }, body);
}
