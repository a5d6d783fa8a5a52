import type { Account } from "./account.js";
import { decodeChunks } from "./chunked-body.js";
import type { Headers, HttpRequest } from "./message.js";
import { S3Error } from "./s3-error.js";
import {
  ALGORITHM,
  canonicalRequest,
  parseSignatureTime,
  queryPairs,
  type Scope,
  sha256Hex,
  signatureTime,
  signText,
  stringToSign,
} from "./signature.js";

/** Whom signatures are checked against, and when and where. */
export interface Authority {
  readonly accounts: readonly Account[];
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Signatures are read but not compared (the deviation `signatures-unchecked`). */
  readonly isLenient: boolean;
}

/** A request whose sender is known. */
export interface Authenticated {
  /** `undefined`: anonymous. */
  readonly account: Account | undefined;
  /** The object's bytes, `aws-chunked` undone. */
  readonly body: Uint8Array;
  /** The request's headers and its trailers. */
  readonly headers: Headers;
}

const UNSIGNED = "UNSIGNED-PAYLOAD";
/** Signatures older or newer than this are refused. */
const MAX_SKEW_MS = 15 * 60 * 1000;

/** What a request claims: who signed what, when, for where. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
  readonly token: string | undefined;
  /** Seconds that a presigned URL holds; `undefined` for signed headers. */
  readonly expiresS: number | undefined;
}

/**
 * Finds out who sent a request, checks its signature and its payload's hash, and undoes `aws-chunked`.
 *
 * @throws {@link S3Error} as S3 answers: `SignatureDoesNotMatch`, `RequestTimeTooSkewed`, `InvalidAccessKeyId`, …
 */
export function authenticate(request: HttpRequest, authority: Authority): Authenticated {
  const claim = readClaim(request);
  if (claim === undefined) return withPayload(request, undefined, undefined);
  if (!authority.isLenient) checkTime(claim, authority);
  const account = authority.accounts.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
  if (account === undefined) {
    throw new S3Error("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
      elements: { AWSAccessKeyId: claim.accessKeyId },
    });
  }
  checkToken(claim, account, authority);
  checkRegion(claim, authority);
  if (!authority.isLenient) checkSignature(request, claim, account);
  return withPayload(
    request,
    account,
    authority.isLenient && !claim.payloadHash.startsWith("STREAMING-") ? { ...claim, payloadHash: UNSIGNED } : claim,
  );
}

function readClaim(request: HttpRequest): Claim | undefined {
  const query = new Map(queryPairs(request.url));
  if (query.has("X-Amz-Signature") || query.has("X-Amz-Credential")) return readPresigned(query);
  const header = request.headers["authorization"];
  if (header === undefined) return undefined;
  if (!header.startsWith(ALGORITHM)) throw new S3Error("InvalidArgument", "Unsupported Authorization Type");
  const fields = new Map(
    header
      .slice(ALGORITHM.length)
      .split(",")
      .map((field) => field.trim().split("=", 2) as [string, string]),
  );
  const time = request.headers["x-amz-date"];
  if (time === undefined) {
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  }
  const payloadHash = request.headers["x-amz-content-sha256"];
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  return {
    ...readCredential(fields.get("Credential") ?? "", time),
    signedHeaders: (fields.get("SignedHeaders") ?? "").split(";"),
    signature: fields.get("Signature") ?? "",
    payloadHash,
    token: request.headers["x-amz-security-token"],
    expiresS: undefined,
  };
}

function readPresigned(query: ReadonlyMap<string, string>): Claim {
  const names = ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"];
  const expiresS = Number(query.get("X-Amz-Expires"));
  if (names.some((name) => !query.has(`X-Amz-${name}`)) || !(expiresS >= 1 && expiresS <= 604_800)) {
    throw new S3Error(
      "AuthorizationQueryParametersError",
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  return {
    ...readCredential(query.get("X-Amz-Credential") ?? "", query.get("X-Amz-Date") ?? ""),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    payloadHash: UNSIGNED,
    token: query.get("X-Amz-Security-Token"),
    expiresS,
  };
}

function readCredential(credential: string, time: string): Pick<Claim, "accessKeyId" | "scope"> {
  const [accessKeyId = "", day, region = "", service, end] = credential.split("/");
  if (
    service !== "s3" ||
    end !== "aws4_request" ||
    parseSignatureTime(time) === undefined ||
    !time.startsWith(`${day}T`)
  ) {
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; the Credential is mal-formed.",
    );
  }
  return { accessKeyId, scope: { time, region } };
}

function checkTime(claim: Claim, { now }: Authority): void {
  const signedMs = parseSignatureTime(claim.scope.time) as number;
  if (claim.expiresS !== undefined) {
    if (signedMs - now > MAX_SKEW_MS) throw new S3Error("AccessDenied", "Request is not yet valid");
    if (now > signedMs + claim.expiresS * 1000) {
      throw new S3Error("AccessDenied", "Request has expired", {
        elements: { "X-Amz-Expires": String(claim.expiresS), ServerTime: new Date(now).toISOString() },
      });
    }
  } else if (Math.abs(now - signedMs) > MAX_SKEW_MS) throw tooSkewed(claim.scope.time, now);
}

/** The answer to a request whose clock is not the server's. */
export function tooSkewed(requestTime: string, now: number): S3Error {
  return new S3Error(
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    {
      elements: {
        RequestTime: requestTime,
        ServerTime: signatureTime(now),
        MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
      },
    },
  );
}

function checkToken(claim: Claim, account: Account, { now }: Authority): void {
  if (claim.token !== account.sessionToken) {
    throw new S3Error("InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  if (account.expiresMs !== undefined && now > account.expiresMs) {
    throw new S3Error("ExpiredToken", "The provided token has expired.");
  }
}

function checkRegion({ scope, expiresS }: Claim, { region }: Authority): void {
  if (scope.region === region) return;
  throw new S3Error(
    expiresS === undefined ? "AuthorizationHeaderMalformed" : "AuthorizationQueryParametersError",
    `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${region}'`,
    { elements: { Region: region }, headers: { "x-amz-bucket-region": region } },
  );
}

function checkSignature(request: HttpRequest, claim: Claim, account: Account): void {
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-amz-") && !claim.signedHeaders.includes(name),
  );
  if (unsigned.length > 0 || !claim.signedHeaders.includes("host")) {
    throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
      elements: { HeadersNotSigned: unsigned.join(", ") },
    });
  }
  const canonical = canonicalRequest({ ...request, ...claim });
  const text = stringToSign(canonical, claim.scope);
  if (signText(text, account.secretAccessKey, claim.scope) === claim.signature) return;
  throw new S3Error(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    {
      elements: {
        AWSAccessKeyId: account.accessKeyId,
        StringToSign: text,
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    },
  );
}

function withPayload(request: HttpRequest, account: Account | undefined, claim: Claim | undefined): Authenticated {
  const hash = claim?.payloadHash ?? request.headers["x-amz-content-sha256"] ?? UNSIGNED;
  if (hash.startsWith("STREAMING-")) {
    const isSigned = hash.startsWith(`STREAMING-${ALGORITHM}-PAYLOAD`) && account !== undefined && claim !== undefined;
    const signer = isSigned
      ? { secret: account.secretAccessKey, scope: claim.scope, seed: claim.signature }
      : undefined;
    const { body, trailers } = decodeChunks(request, signer);
    return { account, body, headers: { ...request.headers, ...trailers } };
  }
  if (hash !== UNSIGNED && hash !== sha256Hex(request.body)) {
    throw new S3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { elements: { ClientComputedContentSHA256: hash, S3ComputedContentSHA256: sha256Hex(request.body) } },
    );
  }
  return { account, body: request.body, headers: request.headers };
}
