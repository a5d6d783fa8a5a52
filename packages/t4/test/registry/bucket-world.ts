import { seededRandom } from "testkit/random.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient } from "testkit/s3/client.js";
import { type FaultPlan, noFaults } from "testkit/s3/fault-plan.js";
import type { ProfileName } from "testkit/s3/profiles.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator, type Simulator } from "testkit/s3/simulator.js";
import { type Actor, type Fate, Scheduler } from "testkit/scheduler.js";
import { simClock } from "testkit/sim-clock.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";
import { s3Store } from "#t4/store/s3/s3-store.js";
import { type Log, runAll } from "./simulation.js";

const NOON = Date.UTC(2026, 10, 25, 12);

// What is loaded when it is first used would come at a moment that no seed decides.
await import("#t4/registry/announcement.js");

/** A simulated bucket. */
export interface Setting {
  readonly seed: number;
  readonly isVersioned: boolean;
  readonly faults: FaultPlan;
  /** Default: Amazon S3. One without conditions has collisions reported. */
  readonly profile?: Extract<ProfileName, "aws" | "no-conditions">;
  readonly fate?: Fate;
}

/** A bucket and the processes that work on it over a network. */
export interface World {
  readonly scheduler: Scheduler;
  readonly simulator: Simulator;
  readonly log: Log;
  /** The registry as one process sees it. */
  readonly open: (actor: Actor, skewMs?: number) => PackageRegistry;
  readonly foreign: (actor: Actor) => ReturnType<typeof createClient>;
}

/** Makes a bucket and its network. */
export function createWorld({ seed, isVersioned, faults, fate, profile = "aws" }: Setting): World {
  const scheduler = new Scheduler({ random: seededRandom(seed), now: NOON, ...(fate === undefined ? {} : { fate }) });
  const simulator = createSimulator({ now: () => scheduler.now(), seed, profile });
  simulator.createBucket("bucket", isVersioned ? { versioning: "Enabled" } : {});
  const network = simulatedNetwork({ simulator, scheduler, faults });
  const calm = simulatedNetwork({ simulator, scheduler, faults: noFaults });
  const lineOf = (actor: Actor) => (actor.name === "alone" ? calm : network).connect(actor);
  let ids = 0;
  return {
    scheduler,
    simulator,
    log: { attempts: new Map(), acknowledged: [], listedAt: new Map(), refused: [] },
    open(actor, skewMs = 0) {
      const clock = simClock(scheduler, actor, skewMs);
      const store = s3Store({
        location: { bucket: "bucket" },
        prefix: "",
        credentials: async () => TEST_ACCOUNT,
        transport: lineOf(actor),
        probeKey: ".quilt/t4/probe/",
        conditions: profile === "aws" ? "quoted" : "unsound",
        collisions: "reported",
        spoolDirectory: "/nowhere",
        clock,
        random: () => scheduler.random.next(),
        newId: () => `${actor.name}-${++ids}`,
      });
      return packageRegistry(store, {
        clock: { now: () => Math.floor(store.now()), sleep: (ms, signal) => clock.sleep(ms, signal) },
      });
    },
    foreign: (actor) =>
      createClient({
        host: "s3.us-east-1.amazonaws.com",
        exchange: calm.connect(actor),
        account: TEST_ACCOUNT,
        now: () => scheduler.now(),
      }),
  };
}

/** Does something as a process of its own, over a line that does not break. */
export async function alone<Result>(
  world: World,
  act: (registry: PackageRegistry) => Promise<Result>,
): Promise<Result> {
  let result: Result | undefined;
  const run = async (): Promise<void> => {
    result = await act(world.open(world.scheduler.actor("alone")));
  };
  await runAll(world, [run()]);
  return result as Result;
}
