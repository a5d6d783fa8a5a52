import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Headers, HttpRequest, HttpResponse, Transport } from "./transport.js";

/** Options of {@link nodeTransport}. */
export interface NodeTransportOptions {
  /** Certificates of authorities to trust instead of Node's own, PEM. */
  readonly ca?: string;
  /** Connections to one host; default 256. */
  readonly maxConnections?: number;
}

/** A transport on Node's own HTTP with connections that are kept; `close` ends these. */
export interface NodeTransport extends Transport {
  readonly close: () => void;
}

/** A line slower than this is as good as broken: an answer may not trickle in for ever. */
const MIN_BYTES_PER_S = 8 * 1024;
/** Below this, a small request is never too slow. */
const LEAST_MS = 60_000;

/**
 * Sends requests over HTTP/1.1 and TLS.
 *
 * Nothing hangs: a request ends when no byte moved for its `idleMs` (connecting included), and at the latest when its answer
 * did not begin in a minute, or `idleMs` if that is more, plus a second for each 8 KiB of its body, or did not end in another
 * minute plus a second for each 8 KiB.
 */
export function nodeTransport({ ca, maxConnections = 256 }: NodeTransportOptions = {}): NodeTransport {
  const options = { keepAlive: true, maxSockets: maxConnections };
  const plain = new HttpAgent(options);
  const secure = new HttpsAgent(ca === undefined ? options : { ...options, ca });
  const transport: Transport = (request, signal) => exchange(request, { plain, secure, signal });
  return Object.assign(transport, {
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  });
}

interface Wires {
  readonly plain: HttpAgent;
  readonly secure: HttpsAgent;
  readonly signal: AbortSignal | undefined;
}

function exchange(request: HttpRequest, { plain, secure, signal }: Wires): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const { protocol, hostname, port } = new URL(request.origin);
    const { method, url: path, headers, idleMs } = request;
    // A host in brackets is an IPv6 address, which connects without them.
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    const common = { host, port, method, path, headers: { ...headers }, timeout: idleMs };
    const outgoing =
      protocol === "https:" ? httpsRequest({ ...common, agent: secure }) : httpRequest({ ...common, agent: plain });
    const give = (error: Error): void => void outgoing.destroy(error);
    const tooLate = (): void => give(tooSlow("too slow"));
    let limit = setTimeout(tooLate, Math.max(LEAST_MS, idleMs) + slowestMs(request.body.length));
    const onAbort = (): void => give(signal?.reason as Error);
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (end: () => void): void => {
      clearTimeout(limit);
      signal?.removeEventListener("abort", onAbort);
      end();
    };
    outgoing.once("timeout", () => give(tooSlow(`no byte moved for ${idleMs / 1000} s`)));
    outgoing.once("error", (error) => settle(() => reject(error)));
    outgoing.once("response", (incoming) => {
      clearTimeout(limit);
      limit = setTimeout(tooLate, LEAST_MS + slowestMs(lengthOf(incoming, request)));
      readWhole(incoming, request.maxBytes).then(
        (body) => settle(() => resolve({ status: incoming.statusCode ?? 0, headers: joined(incoming), body })),
        (error: Error) => {
          settle(() => reject(signal?.aborted === true ? (signal.reason as Error) : error));
          outgoing.destroy();
        },
      );
    });
    outgoing.end(request.body);
  });
}

function slowestMs(bytes: number): number {
  return (bytes / MIN_BYTES_PER_S) * 1000;
}

/** Bytes that an answer may have; a server that works for minutes sends some meanwhile, and does not say how many. */
function lengthOf({ headers }: IncomingMessage, { method, maxBytes }: HttpRequest): number {
  return method === "HEAD" ? 0 : Math.min(maxBytes, Number(headers["content-length"] ?? maxBytes));
}

function tooSlow(why: string): Error {
  return Object.assign(new Error(`The connection stalled: ${why}`), { code: "ETIMEDOUT" });
}

/** By events: an iterator costs more than all else that a small request does here. */
function readWhole(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    incoming.on("data", (piece: Uint8Array) => {
      length += piece.length;
      if (length <= maxBytes) pieces.push(piece);
      else incoming.destroy(new Error(`The answer is longer than ${maxBytes} bytes`));
    });
    incoming.once("error", reject);
    incoming.once("end", () => {
      resolve(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, length));
    });
  });
}

function joined({ headers }: IncomingMessage): Headers {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return found;
}
