import { T4Error, type T4ErrorCode } from "../../base/errors.js";
import { childOf, readDocument, textOf } from "./document.js";
import { isUnresolved } from "./retry.js";
import type { HttpResponse } from "./transport.js";

/** Why a request has no answer: what the server said, or that the connection broke. */
export interface Failure {
  /** 0: no answer came. */
  readonly status: number;
  /** S3's word; empty for an answer without a document (HEAD). */
  readonly code: string;
  readonly message: string;
  /** The region that it names; empty for none. */
  readonly region: string;
  /** The error of a broken connection. */
  readonly cause?: unknown;
}

/** The failure of a connection that broke, stalled or was never made. */
export function brokenConnection(cause: unknown): Failure {
  return { status: 0, code: "", message: cause instanceof Error ? cause.message : String(cause), region: "", cause };
}

/** Reads a failure from an answer; only harmless parts of it: the rest repeats what was signed. */
export function readFailure({ status, headers, body }: HttpResponse): Failure {
  const region = headers["x-amz-bucket-region"] ?? "";
  try {
    const error = childOf(readDocument(body), "Error");
    return {
      status,
      code: textOf(error, "Code"),
      message: textOf(error, "Message"),
      region: region || textOf(error, "Region"),
    };
  } catch {
    // A proxy's page, or nothing at all: the status says enough.
    return { status, code: "", message: "", region };
  }
}

/** What was asked of which place, for messages. */
export interface Asked {
  readonly method: string;
  /** `s3://bucket/key`. */
  readonly url: string;
  /** `host[:port]`. */
  readonly host: string;
  readonly isAnonymous: boolean;
}

interface Advice {
  readonly code: T4ErrorCode;
  readonly hint: string;
}

const SIGN_IN =
  "No credentials were found; set AWS_PROFILE or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
const ADVICE: Readonly<Record<string, Advice>> = {
  NoSuchBucket: { code: "ERR_T4_NOT_FOUND", hint: "Check the bucket's name and the endpoint." },
  NoSuchVersion: { code: "ERR_T4_NOT_FOUND", hint: "This version of the object was removed for good." },
  SignatureDoesNotMatch: {
    code: "ERR_T4_ACCESS",
    hint: "The secret access key is not the right one; check the profile.",
  },
  InvalidAccessKeyId: {
    code: "ERR_T4_ACCESS",
    hint: "Check the profile and the endpoint: this server has no such key.",
  },
  ExpiredToken: { code: "ERR_T4_ACCESS", hint: "Sign in again, for example with aws sso login." },
  NotImplemented: { code: "ERR_T4_UNSUPPORTED", hint: "This server lacks what T4 needs here." },
  MethodNotAllowed: { code: "ERR_T4_UNSUPPORTED", hint: "This server lacks what T4 needs here." },
};

/** The error for a request that was refused for good. */
export function refusal(failure: Failure, asked: Asked): T4Error {
  const { status, code, message } = failure;
  const said = [code, message].filter((text) => text !== "").join(": ") || "no reason";
  const { code: kind, hint } = ADVICE[code] ?? byStatus(status, asked);
  const text = `${asked.host} refused ${asked.method} ${asked.url} with ${status} (${said}).`;
  return new T4Error(kind, text, { hint, facts: { url: asked.url, status, s3Code: code } });
}

function byStatus(status: number, { isAnonymous }: Asked): Advice {
  if (status === 401 || status === 403) {
    const hint = isAnonymous ? SIGN_IN : "Check that these credentials may do this in this bucket.";
    return { code: "ERR_T4_ACCESS", hint };
  }
  if (status >= 300 && status < 400) {
    const hint = "Redirects are not followed; set the endpoint or the region to where the bucket is.";
    return { code: "ERR_T4_ACCESS", hint };
  }
  return { code: "ERR_T4_IO", hint: "Check the bucket and the endpoint." };
}

/** What to do about failures that stay after all tries; each was met by what the server's answers said, as far as they did. */
const AGAIN: Readonly<Record<string, string>> = {
  RequestTimeTooSkewed: "Set this machine's clock: it and the server's are more than 15 minutes apart.",
};

/** The error for a request that got no usable answer in all its tries. */
export function exhausted(
  { status, code, message, cause }: Failure,
  asked: Asked & { readonly tries: number; readonly ms: number },
): T4Error {
  const why = status === 0 ? message : `${status} ${code}`.trim();
  const { method, url, host, tries, ms } = asked;
  const hint = isUnresolved(cause)
    ? unresolved(asked)
    : (AGAIN[code] ?? "Check the network and the endpoint, then try again.");
  const times = tries === 1 ? "" : ` ${tries} times in ${Math.round(ms / 1000)} s, the last time`;
  return new T4Error("ERR_T4_IO", `${method} ${url} failed${times} with: ${why} (${host}).`, {
    hint,
    facts: { url, host, tries },
    cause,
  });
}

function unresolved({ url, host, isAnonymous }: Asked): string {
  const bucket = /^s3:\/\/([^/]*)/.exec(url)?.[1] ?? url;
  const credentials = isAnonymous ? "No credentials were found, either." : "Credentials were found.";
  return `There is no host ${host}: check the bucket's name ${bucket}, the region, the endpoint (AWS_ENDPOINT_URL) and the network. ${credentials}`;
}
