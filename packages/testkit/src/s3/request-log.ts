import type { Delivered } from "./deliver.js";
import type { Fault, FaultKind } from "./fault.js";
import type { SeenRequest } from "./fault-plan.js";
import type { HttpRequest } from "./message.js";
import { type Operation, routeOf } from "./route.js";

/** One request that reached the server. */
export interface LoggedRequest extends SeenRequest {
  readonly bucket: string;
  /** Path and query. */
  readonly url: string;
  /** Bytes of the request's body. */
  readonly sentBytes: number;
  /** Bytes of the answer's body. */
  readonly receivedBytes: number;
  /** `undefined`: no answer. */
  readonly status: number | undefined;
  readonly fault: FaultKind | undefined;
}

/** What reached the server, in order: tests of economy count it. */
export interface RequestLog {
  readonly entries: readonly LoggedRequest[];
  /** How many requests there were, of one operation or of all. */
  count(operation?: Operation): number;
  /** Bytes of all requests' and answers' bodies. */
  bytes(): { readonly sent: number; readonly received: number };
  /** Number of requests by operation, for comparing with a plan. */
  byOperation(): Readonly<Record<string, number>>;
  clear(): void;
}

/** A log that can be written to. */
export interface WritableLog extends RequestLog {
  add(request: HttpRequest, delivered: Delivered, fault: Fault | undefined): void;
}

/** What the fault plan and the log know of a request; one that cannot be understood has no operation. */
export function describe(request: HttpRequest): SeenRequest & { readonly bucket: string } {
  const { method, headers } = request;
  try {
    const { operation, bucket, key } = routeOf(request);
    return { operation, bucket, key, method, headers };
  } catch {
    return { operation: undefined, bucket: "", key: "", method, headers };
  }
}

/** Starts an empty log. */
export function createLog(): WritableLog {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add(request, { response }, fault) {
      entries.push({
        ...describe(request),
        url: request.url,
        sentBytes: request.body.length,
        receivedBytes: response?.body.length ?? 0,
        status: response?.status,
        fault: fault?.kind,
      });
    },
    count: (operation) =>
      operation === undefined ? entries.length : entries.filter((entry) => entry.operation === operation).length,
    bytes: () => ({
      sent: entries.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
      received: entries.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
    }),
    byOperation() {
      const counts: Record<string, number> = {};
      for (const { operation = "unknown" } of entries) counts[operation] = (counts[operation] ?? 0) + 1;
      return counts;
    },
    clear() {
      entries.length = 0;
    },
  };
}
