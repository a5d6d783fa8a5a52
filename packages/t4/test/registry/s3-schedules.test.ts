import { seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient } from "testkit/s3/client.js";
import { type FaultPlan, noFaults, randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator, type Simulator } from "testkit/s3/simulator.js";
import { type Actor, type Fate, Scheduler } from "testkit/scheduler.js";
import { simClock } from "testkit/sim-clock.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import type { TopHash } from "#t4/format/top-hash.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";
import { s3Store } from "#t4/store/s3/s3-store.js";
import { historyOf, type Log, NAME, runAll, writeRevision, writer } from "./simulation.js";

/** Of each kind and bucket. */
const RUNS = runs({ quick: 12, full: 2500 });
const SECOND = 1000;
const NOON = Date.UTC(2026, 10, 25, 12);
const POINTERS = ".quilt/named_packages/alice/data";

interface Setting {
  readonly seed: number;
  readonly isVersioned: boolean;
  readonly faults: FaultPlan;
  readonly fate?: Fate;
}

/** A bucket and the processes that work on it over a network. */
interface World {
  readonly scheduler: Scheduler;
  readonly simulator: Simulator;
  readonly log: Log;
  /** The registry as one process sees it. */
  readonly open: (actor: Actor, skewMs?: number) => PackageRegistry;
  readonly foreign: (actor: Actor) => ReturnType<typeof createClient>;
}

function createWorld({ seed, isVersioned, faults, fate }: Setting): World {
  const scheduler = new Scheduler({ random: seededRandom(seed), now: NOON, ...(fate === undefined ? {} : { fate }) });
  const simulator = createSimulator({ now: () => scheduler.now(), seed });
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
        conditions: "quoted",
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
async function alone<Result>(world: World, act: (registry: PackageRegistry) => Promise<Result>): Promise<Result> {
  let result: Result | undefined;
  const run = async (): Promise<void> => {
    result = await act(world.open(world.scheduler.actor("alone")));
  };
  await runAll(world, [run()]);
  return result as Result;
}

/** Publishes one more, as the next command would: nothing has to be cleaned up. */
async function expectNextWorks(world: World): Promise<void> {
  const before = await alone(world, historyOf);
  const topHash = await alone(world, async (registry) => {
    const parent = await registry.latest(NAME);
    const next = await writeRevision(registry, "next");
    await registry.commit({ name: NAME, topHash: next }, { parent });
    return next;
  });
  expect(await alone(world, historyOf)).toEqual([...before, topHash]);
}

/** Each acknowledged revision once, in the order of commits; none of those that were refused. */
async function expectHistory(world: World): Promise<void> {
  const { attempts, acknowledged, refused } = world.log;
  const history = await alone(world, historyOf);
  expect(new Set(history).size).toBe(history.length);
  expect(acknowledged.filter((topHash) => !history.includes(topHash))).toEqual([]);
  expect(refused.filter((topHash) => history.includes(topHash))).toEqual([]);
  expect(history.map((topHash) => attempts.get(topHash))).toEqual([undefined, ...history].slice(0, history.length));
  expect(await alone(world, (registry) => registry.latest(NAME))).toBe(history.at(-1));
}

async function isLasting(world: World): Promise<boolean> {
  await expectHistory(world);
  await expectNextWorks(world);
  return true;
}

const weather = (seed: number): FaultPlan =>
  randomFaults({ seed, rate: 0.25, kinds: [...WEATHER, "lost-answer", "stall"] });

/** Kills whoever is next, now and then. */
function deaths(rate: number): Fate {
  return ({ random }, { actor }) => {
    if (actor.name.startsWith("writer") && random.chance(rate)) actor.isDead = true;
  };
}

describe.each([false, true])("writers of one package in a bucket, versioned: %s", (isVersioned) => {
  it.each(["that end by themselves", "that are killed", "whose clocks differ by two hours"])(
    `lose nothing over a bad network, %s`,
    async (kind) => {
      for (let seed = 1; seed <= RUNS; seed++) {
        const fate = kind === "that are killed" ? { fate: deaths(0.004) } : {};
        const world = createWorld({ seed, isVersioned, faults: weather(seed), ...fate });
        const { scheduler } = world;
        const { random } = scheduler;
        const writers = Array.from({ length: 2 + random.below(3) }, (_, i) => {
          const name = `writer${i}`;
          const skewMs = kind.startsWith("whose clocks") ? (random.next() - 0.5) * 4 * 3600 * SECOND : 0;
          return writer(world, world.open(scheduler.actor(name), skewMs), { name, count: 1 + random.below(2) });
        });
        await runAll(world, writers);
        await expect(isLasting(world), `seed ${seed}`).resolves.toBe(true);
      }
    },
    1_800_000,
  );

  it("stay in the history beside a client without conditions, who may go over `latest`", async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const world = createWorld({ seed, isVersioned, faults: weather(seed) });
      const { scheduler } = world;
      const writers = [0, 1].map(async (i) => {
        const name = `writer${i}`;
        // Where nobody can know, T4 says so: an unversioned bucket in which another client wrote over a doubtful swap.
        const doubt = (error: unknown): void => {
          if (isVersioned || !isT4Error(error, "ERR_T4_UNKNOWN_OUTCOME")) throw error;
        };
        await writer(world, world.open(scheduler.actor(name)), { name, count: 2 }).catch(doubt);
      });
      await runAll(world, [...writers, quilt(world, 1 + scheduler.random.below(3))]);
      const history = await alone(world, historyOf);
      const { acknowledged, refused } = world.log;
      try {
        expect(acknowledged.map((each) => history.filter((listed) => listed === each).length)).toEqual(
          acknowledged.map(() => 1),
        );
        expect(refused.filter((topHash) => history.includes(topHash))).toEqual([]);
        await expectNextWorks(world);
      } catch (error) {
        throw new Error(`Seed ${seed}`, { cause: error });
      }
    }
  }, 1_800_000);
});

/** Does as Quilt 3 does: looks at `latest`, then puts manifest, the pointer of this second, and `latest`. */
async function quilt(world: World, count: number): Promise<void> {
  const { scheduler, log } = world;
  const actor = scheduler.actor("quilt");
  const client = world.foreign(actor);
  const registry = world.open(scheduler.actor("alone"));
  const put = async (key: string, body: string) => client.send({ method: "PUT", bucket: "bucket", key, body });
  for (let i = 0; i < count; i++) {
    await scheduler.step(actor, { label: "think", delayMs: 1000 + scheduler.random.below(4000), act: () => undefined });
    const parent = await registry.latest(NAME);
    if (parent === undefined) continue;
    const topHash: TopHash = await writeRevision(registry, `quilt ${i}`);
    log.attempts.set(topHash, parent);
    await put(`${POINTERS}/${Math.floor(scheduler.now() / SECOND)}`, topHash);
    await put(`${POINTERS}/latest`, topHash);
  }
}
