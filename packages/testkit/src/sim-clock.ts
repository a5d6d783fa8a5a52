import type { Clock } from "../../t4/lib/base/clock.js";
import type { Actor, Scheduler } from "./scheduler.js";

/** An actor's clock in a simulation; `skewMs` is how far it is ahead of the others'. */
export function simClock(scheduler: Scheduler, actor: Actor, skewMs = 0): Clock {
  return {
    now: () => Math.floor(scheduler.now() + skewMs),
    sleep: (ms, signal) =>
      scheduler.step(actor, { label: "sleep", delayMs: Math.max(0, ms), act: () => signal?.throwIfAborted() }),
  };
}
