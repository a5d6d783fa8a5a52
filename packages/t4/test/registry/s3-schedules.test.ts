import { runs } from "testkit/runs.js";
import { type FaultPlan, randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import type { Fate } from "testkit/scheduler.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import type { TopHash } from "#t4/format/top-hash.js";
import { alone, createWorld, type World } from "./bucket-world.js";
import { historyOf, NAME, runAll, writeRevision, writer } from "./simulation.js";

/** Of each kind and bucket. */
const RUNS = runs({ quick: 12, full: 2500 });
const SECOND = 1000;
const POINTERS = ".quilt/named_packages/alice/data";

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
