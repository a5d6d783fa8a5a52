import { setTimeout as sleep } from "node:timers/promises";
import { httpExchange } from "./client.js";
import type { HttpRequest, HttpResponse } from "./message.js";
import { type S3Server, type ServerOptions, serveUpstream } from "./server.js";

/** Headers that are about one connection only: the body goes on as a whole, with its length. */
const OF_CONNECTION: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** Options of {@link serveFaultProxy}. */
export interface FaultProxyOptions extends ServerOptions {
  /** The engine behind it, `http://127.0.0.1:<port>`. */
  readonly target: string;
}

/**
 * Stands between clients and a real engine, on 127.0.0.1, and breaks what its plan of faults says.
 *
 * Requests go on with the `Host` that the client signed, so signatures hold.
 *
 * @throws Error when the target is not on this machine's loopback address.
 */
export async function serveFaultProxy({ target, ...options }: FaultProxyOptions): Promise<S3Server> {
  const { hostname } = new URL(target);
  if (hostname !== "127.0.0.1") throw new Error(`A fault proxy leads to 127.0.0.1 only, not to ${hostname}.`);
  const exchange = httpExchange(target);
  const upstream = {
    async apply(request: HttpRequest): Promise<HttpResponse> {
      const response = await exchange(request);
      const kept = Object.entries(response.headers).filter(([name]) => !OF_CONNECTION.has(name));
      return { ...response, headers: Object.fromEntries(kept) };
    },
    sleep: async (ms: number): Promise<void> => sleep(ms, undefined, { ref: false }),
    now: Date.now,
  };
  const server = await serveUpstream(upstream, options);
  return {
    ...server,
    async close() {
      await server.close();
      exchange.close();
    },
  };
}
