import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Delivered, deliver, type Upstream } from "./deliver.js";
import { type FaultPlan, noFaults } from "./fault-plan.js";
import type { HttpRequest } from "./message.js";
import { deviationsOf } from "./profiles.js";
import { createLog, describe, type RequestLog, type WritableLog } from "./request-log.js";
import type { Simulator } from "./simulator.js";

/** The only address that anything here listens on. */
const LOOPBACK = "127.0.0.1";
/** Between the check and the write of an engine that does not do both in one step. */
const RACE_MS = 10;
const SLOW_PIECES = 8;
const SLOW_PAUSE_MS = 50;

/** A server on this machine's loopback address. */
export interface S3Server {
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly log: RequestLog;
  /** Replaces what goes wrong from now on. */
  setFaults(plan: FaultPlan): void;
  /** Ends all connections and stops. */
  close(): Promise<void>;
}

/** Options of a server. */
export interface ServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: none. */
  readonly faults?: FaultPlan;
}

/**
 * Serves a simulator over HTTP on 127.0.0.1.
 *
 * @throws Error when the port is taken, or when the system bound another address.
 */
export async function serveSimulator(simulator: Simulator, options: ServerOptions = {}): Promise<S3Server> {
  const deviations = deviationsOf(simulator.profile);
  const upstream: Upstream = {
    async apply(request) {
      const finish = simulator.begin(request);
      if (deviations.has("races-lost-when-versioned")) await sleep(RACE_MS);
      return finish();
    },
    sleep: async (ms) => sleep(ms, undefined, { ref: false }),
    now: simulator.now,
  };
  return serveUpstream(upstream, { ...options, keepsCutPuts: deviations.has("cut-put-stored") });
}

/** Serves whatever answers requests, with faults on the way, on 127.0.0.1. */
export async function serveUpstream(
  upstream: Upstream,
  options: ServerOptions & { readonly keepsCutPuts?: boolean },
): Promise<S3Server> {
  const log = createLog();
  let plan = options.faults ?? noFaults;
  const server = createServer((incoming, outgoing) => {
    exchange({ incoming, outgoing, upstream, log, plan, keepsCutPuts: options.keepsCutPuts === true }).catch(
      (error: unknown) => {
        // A mistake of the simulator or an engine that is gone: the client sees a broken connection, the test its error.
        process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
        incoming.socket.destroy();
      },
    );
  });
  const { port } = await listen(server, options.port ?? 0);
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    log,
    setFaults(next) {
      plan = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address() as AddressInfo;
  if (address.address !== LOOPBACK) {
    server.close();
    throw new Error(`A test server must listen on ${LOOPBACK} only, but the system bound ${address.address}.`);
  }
  return address;
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly upstream: Upstream;
  readonly log: WritableLog;
  readonly plan: FaultPlan;
  readonly keepsCutPuts: boolean;
}

async function exchange({ incoming, outgoing, upstream, log, plan, keepsCutPuts }: Exchange): Promise<void> {
  const { request, isWhole } = await readRequest(incoming);
  if (!isWhole) {
    if (keepsCutPuts) await upstream.apply(request);
    return;
  }
  const fault = plan(describe(request));
  const delivered = await deliver(request, fault, upstream);
  log.add(request, delivered, fault);
  await send(delivered, { isHead: request.method === "HEAD", incoming, outgoing });
}

async function readRequest(
  incoming: IncomingMessage,
): Promise<{ readonly request: HttpRequest; readonly isWhole: boolean }> {
  const pieces: Uint8Array[] = [];
  let isWhole = true;
  try {
    for await (const piece of incoming as AsyncIterable<Uint8Array>) pieces.push(piece);
  } catch {
    isWhole = false;
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
  const body = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  return { request: { method: incoming.method ?? "GET", url: incoming.url ?? "/", headers, body }, isWhole };
}

interface Connection {
  readonly isHead: boolean;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function send({ response, ending }: Delivered, { isHead, incoming, outgoing }: Connection): Promise<void> {
  if (response === undefined) {
    if (ending === "broken") incoming.socket.resetAndDestroy();
    return;
  }
  const hasBody = response.status !== 204 && response.status !== 304;
  const length = hasBody ? { "content-length": String(response.body.length) } : {};
  outgoing.writeHead(response.status, { ...length, ...response.headers });
  if (isHead || ending === "whole") {
    outgoing.end(isHead ? undefined : response.body);
  } else if (ending === "broken") {
    outgoing.write(response.body.subarray(0, Math.floor(response.body.length / 2)), () => incoming.socket.destroy());
  } else {
    await sendSlowly(response.body, outgoing);
  }
}

async function sendSlowly(body: Uint8Array, outgoing: ServerResponse): Promise<void> {
  const step = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  for (let at = 0; at < body.length && !outgoing.destroyed; at += step) {
    outgoing.write(body.subarray(at, at + step));
    await sleep(SLOW_PAUSE_MS);
  }
  outgoing.end();
}
