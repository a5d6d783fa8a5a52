import type { HttpRequest } from "./message.js";
import { S3Error } from "./s3-error.js";
import { EMPTY_SHA256, type Scope, scopeText, sha256Hex, signText } from "./signature.js";

/** A body that came as `aws-chunked`, put together again. */
export interface ChunkedBody {
  readonly body: Uint8Array;
  /** Trailing headers, lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** How the chunks are signed: the request's own signature starts the chain. */
export interface ChunkSigner {
  readonly secret: string;
  readonly scope: Scope;
  readonly seed: string;
}

const incomplete = (): S3Error =>
  new S3Error("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
const mismatch = (): S3Error =>
  new S3Error(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  );

/**
 * Decodes `aws-chunked`: `<hex size>[;chunk-signature=…]`, the bytes, and so on; after the empty chunk the trailers.
 *
 * @throws {@link S3Error} when it ends early, a chunk's signature is wrong, or the length is not the announced one.
 */
export function decodeChunks(request: HttpRequest, signer: ChunkSigner | undefined): ChunkedBody {
  const input = Buffer.from(request.body);
  const pieces: Uint8Array[] = [];
  let previous = signer?.seed ?? "";
  let at = 0;
  const line = (): string => {
    const end = input.indexOf("\r\n", at);
    if (end < 0) throw incomplete();
    const text = input.toString("latin1", at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const [sizeText = "", signature] = line().split(";chunk-signature=");
    const size = Number.parseInt(sizeText, 16);
    if (!(size >= 0) || at + size > input.length) throw incomplete();
    const piece = input.subarray(at, at + size);
    at += size;
    if (signer !== undefined) previous = checkChunk(signer, { previous, signature, piece });
    if (size === 0) break;
    pieces.push(piece);
    if (line() !== "") throw incomplete();
  }
  const body = Buffer.concat(pieces);
  if (body.length !== Number(request.headers["x-amz-decoded-content-length"])) throw incomplete();
  const trailers = readTrailers(input.toString("latin1", at));
  checkTrailers(trailers, signer, previous);
  return { body, trailers };
}

interface SignedChunk {
  readonly previous: string;
  readonly signature: string | undefined;
  readonly piece: Uint8Array;
}

function checkChunk(signer: ChunkSigner, { previous, signature, piece }: SignedChunk): string {
  const head = ["AWS4-HMAC-SHA256-PAYLOAD", signer.scope.time, scopeText(signer.scope), previous];
  const expected = signText([...head, EMPTY_SHA256, sha256Hex(piece)].join("\n"), signer.secret, signer.scope);
  if (signature !== expected) throw mismatch();
  return expected;
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split("\r\n").filter((each) => each.includes(":"));
  return Object.fromEntries(
    lines.map((each) => {
      const colon = each.indexOf(":");
      return [each.slice(0, colon).trim().toLowerCase(), each.slice(colon + 1).trim()];
    }),
  );
}

function checkTrailers(
  trailers: Readonly<Record<string, string>>,
  signer: ChunkSigner | undefined,
  previous: string,
): void {
  const { "x-amz-trailer-signature": signature, ...signed } = trailers;
  if (signer === undefined || Object.keys(signed).length === 0) return;
  const text = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const head = ["AWS4-HMAC-SHA256-TRAILER", signer.scope.time, scopeText(signer.scope), previous];
  const expected = signText([...head, sha256Hex(text.join(""))].join("\n"), signer.secret, signer.scope);
  if (signature !== expected) throw mismatch();
}
