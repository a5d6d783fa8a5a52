import { createHash, createHmac } from "node:crypto";
import type { Headers } from "./message.js";

/** What a signature is made of beside the secret. */
export interface Signable {
  readonly method: string;
  /** Path and query as on the request line. */
  readonly url: string;
  readonly headers: Headers;
  /** Lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** Value of `x-amz-content-sha256`, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/** Day, region and moment that a signature holds for. */
export interface Scope {
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly time: string;
  readonly region: string;
}

/** The one algorithm. */
export const ALGORITHM = "AWS4-HMAC-SHA256";
/** SHA-256 of nothing, in hex. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** SHA-256 in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Names and values of a query, decoded, in the order they stand in; `+` is not a space here. */
export function queryPairs(url: string): [string, string][] {
  const start = url.indexOf("?");
  if (start < 0 || start === url.length - 1) return [];
  return url
    .slice(start + 1)
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decodeURIComponent(name), decodeURIComponent(value)];
    });
}

/** The path of a URL as signatures see it: decoded and encoded anew, so that both sides agree on what is escaped. */
function canonicalPath(url: string): string {
  const path = url.split("?", 1)[0] ?? "";
  return path
    .split("/")
    .map((part) => encodeStrictly(decodeURIComponent(part)))
    .join("/");
}

/** The text that both sides hash. Source: "Create a signed AWS API request", with S3's rule that paths are encoded once. */
export function canonicalRequest(signable: Signable): string {
  const query = queryPairs(signable.url)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .sort()
    .join("&");
  const headers = signable.signedHeaders.map(
    (name) => `${name}:${(signable.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`,
  );
  return [
    signable.method,
    canonicalPath(signable.url),
    query,
    headers.join(""),
    signable.signedHeaders.join(";"),
    signable.payloadHash,
  ].join("\n");
}

/** `<day>/<region>/s3/aws4_request`. */
export function scopeText({ time, region }: Scope): string {
  return `${time.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** What is signed for a request. */
export function stringToSign(canonical: string, scope: Scope): string {
  return [ALGORITHM, scope.time, scopeText(scope), sha256Hex(canonical)].join("\n");
}

const keys = new Map<string, Buffer>();

function signingKey(secret: string, scope: Scope): Buffer {
  const name = `${secret} ${scopeText(scope)}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = [scope.time.slice(0, 8), scope.region, "s3", "aws4_request"].reduce<Buffer>(
    (outer, part) => createHmac("sha256", outer).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  if (keys.size > 1000) keys.clear();
  keys.set(name, key);
  return key;
}

/** Signs a text with the key of that day, region and secret; hex. */
export function signText(text: string, secret: string, scope: Scope): string {
  return createHmac("sha256", signingKey(secret, scope)).update(text).digest("hex");
}

/** A moment as signatures write it, `YYYYMMDDTHHMMSSZ`. */
export function signatureTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Milliseconds since 1970 of a moment that signatures wrote; `undefined` when it is none. */
export function parseSignatureTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
