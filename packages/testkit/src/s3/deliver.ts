import type { Fault, FaultKind } from "./fault.js";
import type { HttpRequest, HttpResponse } from "./message.js";
import { S3Error, type S3ErrorCode } from "./s3-error.js";
import { errorResponse } from "./simulator.js";

/** What a client gets. */
export interface Delivered {
  /** `undefined`: no answer at all. */
  readonly response: HttpResponse | undefined;
  /** How it ends: whole, broken in the middle (without an answer: at once), never, or slowly. */
  readonly ending: "whole" | "broken" | "never" | "slow";
}

/** The server behind the fault: a simulator, or a real engine. */
export interface Upstream {
  apply(request: HttpRequest): Promise<HttpResponse>;
  sleep(ms: number): Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const whole = (response: HttpResponse): Delivered => ({ response, ending: "whole" });
const BROKEN: Delivered = { response: undefined, ending: "broken" };
const NEVER: Delivered = { response: undefined, ending: "never" };
const DEFAULT_DELAY_MS = 200;

/** An answer that no server applied anything for. */
function invented(request: HttpRequest, code: S3ErrorCode, headers: Readonly<Record<string, string>> = {}): Delivered {
  const error = new S3Error(code, MESSAGES[code] ?? code, { headers });
  const ids = { requestId: "FAULT00000000000", hostId: "fault" };
  return whole(errorResponse(error, { isHead: request.method === "HEAD", ...ids }));
}

const MESSAGES: Readonly<Partial<Record<S3ErrorCode, string>>> = {
  InternalError: "We encountered an internal error. Please try again.",
  SlowDown: "Please reduce your request rate.",
  ConditionalRequestConflict:
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
  TemporaryRedirect:
    "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
  RequestTimeTooSkewed: "The difference between the request time and the current time is too large.",
};

interface Struck {
  readonly request: HttpRequest;
  readonly fault: Fault;
  readonly upstream: Upstream;
}

type Action = (struck: Struck) => Promise<Delivered>;

async function applied({ request, upstream }: Struck): Promise<HttpResponse> {
  return upstream.apply(request);
}

const ACTIONS: Readonly<Record<FaultKind, Action>> = {
  "reset-before": async () => BROKEN,
  stall: async () => NEVER,
  "reset-after": async (struck) => applied(struck).then(() => BROKEN),
  "lost-answer": async (struck) => applied(struck).then(() => NEVER),
  duplicate: async (struck) => {
    await applied(struck);
    return whole(await applied(struck));
  },
  zombie: async (struck) => {
    const { upstream, fault } = struck;
    const late = upstream.sleep(fault.delayMs ?? DEFAULT_DELAY_MS).then(async () => applied(struck));
    // The engine may be gone by then; nobody waits for this.
    late.catch(() => undefined);
    return BROKEN;
  },
  delay: async (struck) => {
    await struck.upstream.sleep(struck.fault.delayMs ?? DEFAULT_DELAY_MS);
    return whole(await applied(struck));
  },
  "error-before": async ({ request }) => invented(request, "InternalError"),
  "error-after": async (struck) => applied(struck).then(() => invented(struck.request, "InternalError")),
  "error-in-200": async (struck) => {
    const response = await applied(struck);
    const { response: error } = invented(struck.request, "InternalError");
    return whole(response.status === 200 && error !== undefined ? { ...error, status: 200 } : response);
  },
  "slow-down": async ({ request }) => invented(request, "SlowDown"),
  conflict: async ({ request }) => invented(request, "ConditionalRequestConflict"),
  "cut-body": async (struck) => ({ response: await applied(struck), ending: "broken" }),
  "short-length": async (struck) => {
    const response = await applied(struck);
    const body = response.body.subarray(0, Math.floor(response.body.length / 2));
    return whole({ ...response, body, headers: { ...response.headers, "content-length": String(body.length) } });
  },
  "wrong-body": async (struck) => {
    const response = await applied(struck);
    const body = Uint8Array.from(response.body);
    const at = Math.floor(body.length / 2);
    if (body.length > 0) body[at] = (body[at] as number) ^ 1;
    return whole({ ...response, body });
  },
  "slow-body": async (struck) => ({ response: await applied(struck), ending: "slow" }),
  redirect: async ({ request, fault }) =>
    invented(request, "TemporaryRedirect", { location: fault.location ?? "http://elsewhere.invalid/" }),
  "skewed-clock": async ({ request, upstream }) => {
    const elsewhere = new Date(upstream.now() + 3_600_000).toUTCString();
    return invented(request, "RequestTimeTooSkewed", { date: elsewhere });
  },
};

/** Takes one request to the server and its answer back, with what goes wrong on the way. */
export async function deliver(request: HttpRequest, fault: Fault | undefined, upstream: Upstream): Promise<Delivered> {
  if (fault === undefined) return whole(await upstream.apply(request));
  return ACTIONS[fault.kind]({ request, fault, upstream });
}
