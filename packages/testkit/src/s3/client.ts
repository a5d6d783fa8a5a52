import { Agent, request as httpRequest } from "node:http";
import type { Account } from "./account.js";
import type { Headers, HttpRequest, HttpResponse } from "./message.js";
import {
  ALGORITHM,
  canonicalRequest,
  encodeStrictly,
  type Scope,
  scopeText,
  sha256Hex,
  signatureTime,
  signText,
  stringToSign,
} from "./signature.js";

/** Carries one request to a server and brings its whole answer; rejects when the connection breaks. */
export type Exchange = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;

/** One request of a {@link S3Client}. */
export interface S3Request {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  /** In this order. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower case. */
  readonly headers?: Headers;
  readonly body?: string | Uint8Array;
}

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** `host:port` that the signature names. */
  readonly host: string;
  readonly exchange: Exchange;
  /** `undefined`: anonymous. */
  readonly account: Account | undefined;
  readonly region?: string;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
}

/** A small S3 client that sends exactly what it is told, signed, once: for asking engines about facts. */
export interface S3Client {
  send(request: S3Request): Promise<HttpResponse>;
  /** Signs without sending. */
  sign(request: S3Request): HttpRequest;
  /** Path and query of a presigned request, for `expiresS` seconds. */
  presign(request: S3Request, expiresS: number): string;
}

/** Makes a client of one account at one server. */
export function createClient({
  host,
  exchange,
  account,
  region = "us-east-1",
  now = Date.now,
}: ClientOptions): S3Client {
  const signer = { host, account, region };
  const sign = (request: S3Request): HttpRequest => signRequest(request, { ...signer, time: signatureTime(now()) });
  return {
    sign,
    send: async (request) => exchange(sign(request)),
    presign: (request, expiresS) => presigned(request, { ...signer, time: signatureTime(now()) }, expiresS),
  };
}

interface Signer extends Scope {
  readonly host: string;
  readonly account: Account | undefined;
}

function urlOf({ bucket = "", key = "", query = {} }: S3Request): string {
  const path = key === "" ? `/${bucket}` : `/${bucket}/${key.split("/").map(encodeStrictly).join("/")}`;
  const pairs = Object.entries(query).map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function signRequest(request: S3Request, { host, account, time, region }: Signer): HttpRequest {
  const body =
    typeof request.body === "string" ? new TextEncoder().encode(request.body) : (request.body ?? new Uint8Array(0));
  const url = urlOf(request);
  const { method } = request;
  const bare: Headers = { host, "content-length": String(body.length), ...request.headers };
  if (account === undefined) return { method, url, headers: bare, body };
  const payloadHash = bare["x-amz-content-sha256"] ?? sha256Hex(body);
  const token: Headers = account.sessionToken === undefined ? {} : { "x-amz-security-token": account.sessionToken };
  const headers: Headers = { ...bare, "x-amz-date": time, "x-amz-content-sha256": payloadHash, ...token };
  const signedHeaders = Object.keys(headers)
    .filter((name) => name === "host" || name === "content-type" || name === "content-md5" || name.startsWith("x-amz-"))
    .sort();
  const scope = { time, region };
  const text = stringToSign(canonicalRequest({ method, url, headers, signedHeaders, payloadHash }), scope);
  const signature = signText(text, account.secretAccessKey, scope);
  const credential = `${account.accessKeyId}/${scopeText(scope)}`;
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { method, url, headers: { ...headers, authorization }, body };
}

function presigned(request: S3Request, { host, account, time, region }: Signer, expiresS: number): string {
  if (account === undefined) throw new Error("A presigned URL needs an account to sign it.");
  const scope = { time, region };
  const query = {
    ...request.query,
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${account.accessKeyId}/${scopeText(scope)}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(expiresS),
    ...(account.sessionToken === undefined ? {} : { "X-Amz-Security-Token": account.sessionToken }),
    "X-Amz-SignedHeaders": "host",
  };
  const url = urlOf({ ...request, query });
  const signable = {
    method: request.method,
    url,
    headers: { host },
    signedHeaders: ["host"],
    payloadHash: "UNSIGNED-PAYLOAD",
  };
  const signature = signText(stringToSign(canonicalRequest(signable), scope), account.secretAccessKey, scope);
  return `${url}&X-Amz-Signature=${signature}`;
}

/** Exchanges over HTTP with a server at `endpoint` (`http://127.0.0.1:<port>`), on kept connections. */
export function httpExchange(endpoint: string): Exchange & { readonly close: () => void } {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const exchange: Exchange = async ({ method, url, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        { hostname, port, method, path: url, headers: { ...headers }, agent, signal },
        (incoming) => {
          const pieces: Uint8Array[] = [];
          incoming.on("data", (piece: Uint8Array) => pieces.push(piece));
          incoming.once("error", reject);
          incoming.once("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: joined(incoming.headers),
              body: Buffer.concat(pieces),
            }),
          );
        },
      );
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  return Object.assign(exchange, { close: () => agent.destroy() });
}

function joined(headers: NodeJS.Dict<string | string[]>): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")]),
  );
}
