import { createHmac, hash } from "node:crypto";
import type { Credentials } from "./credentials.js";
import type { Headers } from "./transport.js";

/** When and where a signature holds. */
export interface SigningScope {
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  readonly region: string;
}

/** A request as it is signed. */
export interface Signable {
  readonly method: string;
  /** Encoded as on the request line. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower case, with `host`. */
  readonly headers: Headers;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
/** Of a body that nobody knows when the request is signed. */
const UNSIGNED = "UNSIGNED-PAYLOAD";
/** SHA-256 of nothing, hexadecimal. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Percent-encodes all but unreserved characters, as signatures want it. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The path of a key, encoded component by component. */
export function encodeKey(key: string): string {
  return /^[\w./~-]*$/.test(key) ? key : key.split("/").map(encodeStrictly).join("/");
}

/** A query in the order of its encoded names, which is also the order that is signed. */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const);
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/**
 * Headers of a signed request. All its headers are signed, but for `content-length`, which proxies may change.
 *
 * Source: Signature Version 4 of AWS, in headers; `payloadHash` is the SHA-256 of the body, hexadecimal.
 */
export function signedHeaders(
  request: Signable & { readonly payloadHash: string },
  credentials: Credentials,
  scope: SigningScope,
): Headers {
  const time = timeOf(scope.now);
  const headers: Record<string, string> = {
    ...request.headers,
    "x-amz-content-sha256": request.payloadHash,
    "x-amz-date": time,
  };
  if (credentials.sessionToken !== undefined) headers["x-amz-security-token"] = credentials.sessionToken;
  const names = Object.keys(headers)
    .filter((name) => name !== "content-length")
    .sort();
  const signature = signatureOf({ ...request, headers }, credentials, { ...scope, time, names });
  const credential = `${credentials.accessKeyId}/${scopeOf(time, scope.region)}`;
  headers["authorization"] =
    `${ALGORITHM} Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

/**
 * The query with which anybody may send a request that has no header but its host, until it expires.
 *
 * Source: Signature Version 4 of AWS, in query parameters.
 */
export function presignedQuery(
  request: Omit<Signable, "headers"> & { readonly host: string },
  credentials: Credentials,
  scope: SigningScope & { readonly expiresInSeconds: number },
): string {
  const time = timeOf(scope.now);
  const { accessKeyId, sessionToken } = credentials;
  const query: Readonly<Record<string, string>> = {
    ...request.query,
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${accessKeyId}/${scopeOf(time, scope.region)}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(scope.expiresInSeconds),
    "X-Amz-SignedHeaders": "host",
    ...(sessionToken !== undefined && { "X-Amz-Security-Token": sessionToken }),
  };
  const signed = { ...request, query, headers: { host: request.host }, payloadHash: UNSIGNED };
  const signature = signatureOf(signed, credentials, { ...scope, time, names: ["host"] });
  return `${encodeQuery(query)}&X-Amz-Signature=${signature}`;
}

/** `20261127T150000Z`. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
}

function scopeOf(time: string, region: string): string {
  return `${time.slice(0, 8)}/${region}/s3/aws4_request`;
}

interface Signing extends SigningScope {
  readonly time: string;
  /** Names of the signed headers, sorted. */
  readonly names: readonly string[];
}

function signatureOf(
  request: Signable & { readonly payloadHash: string },
  credentials: Credentials,
  { time, region, names }: Signing,
): string {
  const lines = names.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  const canonical = [
    request.method,
    request.path,
    encodeQuery(request.query),
    lines.join(""),
    names.join(";"),
    request.payloadHash,
  ].join("\n");
  const text = [ALGORITHM, time, scopeOf(time, region), hash("sha256", canonical, "hex")].join("\n");
  return createHmac("sha256", signingKey(credentials.secretAccessKey, time.slice(0, 8), region))
    .update(text)
    .digest("hex");
}

let lastKey:
  | { readonly secret: string; readonly day: string; readonly region: string; readonly key: Buffer }
  | undefined;

/** The key of one day and region; the last one is kept, which halves the cost of a signature. */
function signingKey(secret: string, day: string, region: string): Buffer {
  if (lastKey?.secret === secret && lastKey.day === day && lastKey.region === region) return lastKey.key;
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (from, part) => createHmac("sha256", from).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  lastKey = { secret, day, region, key };
  return key;
}
