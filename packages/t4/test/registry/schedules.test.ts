import { runs } from "testkit/runs.js";
import type { Fate } from "testkit/scheduler.js";
import { describe, expect, it } from "vitest";
import { foreignWriter, NAMES_THIS_SECOND } from "./foreign-writer.js";
import {
  alone,
  createWorld,
  historyOf,
  NAME,
  openAs,
  pointersOf,
  runAll,
  type World,
  writeRevision,
  writer,
} from "./simulation.js";

/** Of each of four kinds. */
const RUNS = runs({ quick: 75, full: 2500 });
const SECOND = 1000;

/**
 * Kills or freezes whoever is next, now and then; frozen ones wake when others have long shut them out. The other client
 * is frozen anywhere but between choosing a pointer's name and writing it: what that does is for `stalling.test.ts`.
 */
function misfortune(rates: { readonly kill: number; readonly freeze: number }): Fate {
  return (scheduler, { actor, label }) => {
    const { random } = scheduler;
    if (actor.name === "alone" || actor.name === "reader") return;
    if (random.chance(rates.kill) && actor.name !== "foreign") actor.isDead = true;
    else if (random.chance(rates.freeze) && !NAMES_THIS_SECOND.test(label))
      actor.frozenUntil = scheduler.now() + random.below(40) * SECOND;
  };
}

/** Each acknowledged revision once, in the order of commits; none of those that were refused. */
async function expectHistory(world: World): Promise<void> {
  const { attempts, acknowledged, refused } = world.log;
  const history = await alone(world, historyOf);
  expect(new Set(history).size).toBe(history.length);
  expect(acknowledged.filter((topHash) => !history.includes(topHash))).toEqual([]);
  expect(refused.filter((topHash) => history.includes(topHash))).toEqual([]);
  expect(history.map((topHash) => attempts.get(topHash))).toEqual(
    [undefined, ...history.slice(0, -1)].slice(0, history.length),
  );
  expect(await alone(world, (registry) => registry.latest(NAME))).toBe(history.at(-1));
}

async function isLasting(world: World): Promise<boolean> {
  await expectHistory(world);
  await expectNextWorks(world);
  return true;
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

describe("writers of one package in a folder, in any order of their steps", () => {
  it.each(["that end by themselves", "that are killed and frozen", "whose clocks differ by two hours"])(
    `lose nothing, %s`,
    async (kind) => {
      for (let seed = 1; seed <= RUNS; seed++) {
        const isUnlucky = kind === "that are killed and frozen";
        const world = createWorld(seed, isUnlucky ? misfortune({ kill: 0.004, freeze: 0.008 }) : undefined);
        const { scheduler } = world;
        const { random } = scheduler;
        const writers = Array.from({ length: 2 + random.below(4) }, (_, i) => {
          const name = `writer${i}`;
          const skewMs = kind.startsWith("whose clocks") ? (random.next() - 0.5) * 4 * 3600 * SECOND : 0;
          return writer(world, openAs(world, scheduler.actor(name), { skewMs }), { name, count: 1 + random.below(2) });
        });
        await runAll(world, [...writers, readAlong(world)]);
        await expect(isLasting(world), `seed ${seed}`).resolves.toBe(true);
      }
    },
    900_000,
  );

  it("stay in the history beside a client without compare-and-swap, who may go over `latest`", async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const world = createWorld(seed, misfortune({ kill: 0.002, freeze: 0.004 }));
      const { scheduler } = world;
      const { random } = scheduler;
      const writers = Array.from({ length: 2 + random.below(2) }, (_, i) => {
        const name = `writer${i}`;
        return writer(world, openAs(world, scheduler.actor(name)), { name, count: 1 + random.below(2) });
      });
      const foreign = foreignWriter(world, 1 + random.below(3));
      await runAll(world, [...writers, foreign]);
      const history = await alone(world, historyOf);
      const pointers = await alone(world, pointersOf);
      const { acknowledged, attempts, listedAt, refused } = world.log;
      try {
        expect(acknowledged.map((topHash) => history.filter((listed) => listed === topHash).length)).toEqual(
          acknowledged.map(() => 1),
        );
        expect(refused.filter((topHash) => history.includes(topHash))).toEqual([]);
        for (const topHash of acknowledged) {
          const parent = attempts.get(topHash);
          // What a client that stalled wrote over is listed again where there is room.
          if (pointers.get(topHash) !== listedAt.get(topHash)) continue;
          if (parent !== undefined && history.includes(parent))
            expect(history.indexOf(parent)).toBeLessThan(history.indexOf(topHash));
        }
        await expectNextWorks(world);
      } catch (error) {
        throw new Error(`Seed ${seed}`, { cause: error });
      }
    }
  }, 900_000);
});

/** Reads `latest` again and again: it is there once it was there, and always a revision that someone wrote. */
async function readAlong(world: World): Promise<void> {
  const actor = world.scheduler.actor("reader");
  const registry = openAs(world, actor);
  let isThere = false;
  for (let i = 0; i < 20; i++) {
    const latest = await registry.latest(NAME);
    if (latest === undefined) expect(isThere).toBe(false);
    else {
      isThere = true;
      expect(world.log.attempts.has(latest)).toBe(true);
      (await registry.readManifest(latest)).close();
    }
  }
}
