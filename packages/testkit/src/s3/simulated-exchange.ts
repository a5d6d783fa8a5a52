import type { Actor, Scheduler } from "../scheduler.js";
import type { Exchange } from "./client.js";
import { type Delivered, deliver, type Upstream } from "./deliver.js";
import { type FaultPlan, noFaults } from "./fault-plan.js";
import type { HttpResponse } from "./message.js";
import { createLog, describe, type RequestLog } from "./request-log.js";
import type { Simulator } from "./simulator.js";

/** Options of {@link simulatedNetwork}. */
export interface SimulatedNetworkOptions {
  readonly simulator: Simulator;
  /** Decides what happens next, and when; the simulator's clock should be the scheduler's. */
  readonly scheduler: Scheduler;
  /** Default: none. */
  readonly faults?: FaultPlan;
  /** Longest way of a message in one direction, milliseconds; default 20. */
  readonly maxLatencyMs?: number;
  /** When a client gives up on an answer that does not come, milliseconds; default 30,000. */
  readonly timeoutMs?: number;
}

/** A network without sockets, in the scheduler's time: whole races in a millisecond, replayable from a seed. */
export interface SimulatedNetwork {
  readonly log: RequestLog;
  /** One client's line: when the actor is dead it sends nothing and hears nothing; what was on its way still arrives. */
  connect(actor: Actor): Exchange;
}

const brokenConnection = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const timeout = (): Error => Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });

/** Connects actors to a simulator through a plan of faults. */
export function simulatedNetwork(options: SimulatedNetworkOptions): SimulatedNetwork {
  const { simulator, scheduler, faults = noFaults, maxLatencyMs = 20, timeoutMs = 30_000 } = options;
  const log = createLog();
  const wires = scheduler.actor("network");
  const upstream: Upstream = {
    apply: async (request) => {
      const finish = simulator.begin(request);
      await scheduler.step(wires, { label: `apply ${request.method} ${request.url}`, act: () => undefined });
      return finish();
    },
    sleep: async (ms) => scheduler.step(wires, { label: "delay", delayMs: ms, act: () => undefined }),
    now: () => simulator.now(),
  };

  const arrive = async (actor: Actor, { response, ending }: Delivered, signal?: AbortSignal): Promise<HttpResponse> => {
    const slow = ending === "slow" ? 10 : 1;
    const delayMs = ending === "never" ? timeoutMs : scheduler.random.next() * maxLatencyMs * slow;
    await scheduler.step(actor, { label: "receive", delayMs, act: () => signal?.throwIfAborted() });
    if (ending === "never") throw timeout();
    if (response === undefined || ending === "broken") throw brokenConnection();
    return response;
  };

  return {
    log,
    connect: (actor) => async (request, signal) => {
      const label = `send ${request.method} ${request.url}`;
      const delayMs = scheduler.random.next() * maxLatencyMs;
      await scheduler.step(actor, { label, delayMs, act: () => signal?.throwIfAborted() });
      const fault = faults(describe(request));
      const delivered = await deliver(request, fault, upstream);
      log.add(request, delivered, fault);
      return arrive(actor, delivered, signal);
    },
  };
}
