import type { Random } from "../random.js";
import type { VirtualTime } from "../virtual-time.js";
import type { Exchange } from "./client.js";
import { type Delivered, deliver, type Upstream } from "./deliver.js";
import { type FaultPlan, noFaults } from "./fault-plan.js";
import type { HttpResponse } from "./message.js";
import { createLog, describe, type RequestLog } from "./request-log.js";
import type { Simulator } from "./simulator.js";

/** Options of {@link simulatedNetwork}. */
export interface SimulatedNetworkOptions {
  readonly simulator: Simulator;
  readonly time: VirtualTime;
  /** How long each message is on its way. */
  readonly random: Random;
  /** Default: none. */
  readonly faults?: FaultPlan;
  /** Longest way of a message in one direction, milliseconds; default 20. */
  readonly maxLatencyMs?: number;
  /** When a client gives up on an answer that does not come, milliseconds; default 30,000. */
  readonly timeoutMs?: number;
}

/** One client's line to a simulator. */
export interface Line {
  readonly exchange: Exchange;
  /** The client dies: it gets no more answers and sends no more requests; what is on its way still arrives. */
  kill(): void;
}

/** A network without sockets, in virtual time: whole races in a millisecond, replayable from a seed. */
export interface SimulatedNetwork {
  readonly log: RequestLog;
  /** Connects one more client. */
  connect(): Line;
}

const brokenConnection = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const timeout = (): Error => Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
const forever = async (): Promise<never> => new Promise(() => undefined);

/** Connects clients to a simulator through virtual time and a plan of faults. */
export function simulatedNetwork(options: SimulatedNetworkOptions): SimulatedNetwork {
  const { simulator, time, random, faults = noFaults, maxLatencyMs = 20, timeoutMs = 30_000 } = options;
  const log = createLog();
  const upstream: Upstream = {
    apply: async (request) => simulator.handle(request),
    sleep: async (ms) => time.sleep(ms),
    now: () => simulator.now(),
  };
  const travel = async (signal?: AbortSignal): Promise<void> => time.sleep(1 + random.next() * maxLatencyMs, signal);

  const receive = async ({ response, ending }: Delivered): Promise<HttpResponse> => {
    if (ending === "never") {
      await time.sleep(timeoutMs);
      throw timeout();
    }
    if (ending === "slow") await time.sleep(maxLatencyMs * 10);
    if (response === undefined || ending === "broken") throw brokenConnection();
    return response;
  };

  return {
    log,
    connect() {
      let isDead = false;
      const alive = async (): Promise<void> => (isDead ? forever() : undefined);
      return {
        async exchange(request, signal) {
          await alive();
          await travel(signal);
          const fault = faults(describe(request));
          const delivered = await deliver(request, fault, upstream);
          log.add(request, delivered, fault);
          await travel(signal);
          const answer = await settled(receive(delivered));
          await alive();
          return answer();
        },
        kill() {
          isDead = true;
        },
      };
    },
  };
}

/** Waits for a result or an error without raising it yet: the dead get neither. */
async function settled<Result>(promise: Promise<Result>): Promise<() => Result> {
  try {
    const result = await promise;
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
