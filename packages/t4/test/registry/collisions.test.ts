import { runs } from "testkit/runs.js";
import { type FaultPlan, noFaults, randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import type { Fate } from "testkit/scheduler.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import type { TopHash } from "#t4/format/top-hash.js";
import type { PackageRegistry } from "#t4/registry/registry.js";
import { alone, createWorld, type World } from "./bucket-world.js";
import { historyOf, NAME, runAll, writeRevision } from "./simulation.js";

const RUNS = runs({ quick: 6, full: 1700 });

/** What became of all pushes of a run. */
interface Told {
  readonly acknowledged: Set<TopHash>;
  /** Those of which somebody was told that they met others. */
  readonly reported: Set<TopHash>;
}

interface Pusher {
  readonly registry: PackageRegistry;
  readonly told: Told;
  readonly name: string;
  readonly count: number;
}

/** Pushes on top of what is latest, as often as it takes. */
async function pusher(world: World, { registry, told, name, count }: Pusher): Promise<void> {
  for (let done = 0, tries = 0; done < count; tries++) {
    const parent = await registry.latest(NAME);
    const topHash = await writeRevision(registry, `${name} ${tries}`);
    world.log.attempts.set(topHash, parent);
    try {
      const { collidedWith = [] } = await registry.commit({ name: NAME, topHash }, { parent });
      told.acknowledged.add(topHash);
      if (collidedWith.length > 0) for (const each of [topHash, ...collidedWith]) told.reported.add(each);
      done++;
    } catch (error) {
      if (!isT4Error(error, "ERR_T4_CONFLICT")) throw error;
    }
  }
}

/** The latest revision, what it stands on, and so on. */
async function lineOf(world: World): Promise<Set<TopHash>> {
  const line = new Set<TopHash>();
  let next = await alone(world, (registry) => registry.latest(NAME));
  while (next !== undefined && !line.has(next)) {
    line.add(next);
    next = world.log.attempts.get(next);
  }
  return line;
}

/** Requests that are applied long after their client has given them up can be noticed by nobody who is there. */
const weather = (seed: number): FaultPlan =>
  randomFaults({
    seed,
    rate: 0.2,
    kinds: [...WEATHER.filter((kind) => kind !== "zombie"), "lost-answer", "stall"],
  });

const deaths: Fate = ({ random }, { actor }) => {
  if (actor.name.startsWith("writer") && random.chance(0.004)) actor.isDead = true;
};

describe.each([false, true])(
  "writers in a bucket without conditions that report collisions, versioned: %s",
  (isVersioned) => {
    it.each([
      ["over a good network", () => noFaults, undefined],
      ["over a bad network", weather, undefined],
      ["over a bad network, while some are killed", weather, deaths],
    ] as const)(
      "lose no revision and overtake none in silence, %s",
      async (_, faultsOf, fate) => {
        let [overtakings, reports] = [0, 0];
        for (let seed = 1; seed <= RUNS; seed++) {
          const faults = faultsOf(seed);
          const world = createWorld({ seed, isVersioned, faults, profile: "no-conditions", ...(fate && { fate }) });
          const { scheduler } = world;
          const told: Told = { acknowledged: new Set(), reported: new Set() };
          // Those of a round begin at the same moment, so that many meet.
          for (const round of [1, 2, 3]) {
            const writers = Array.from({ length: 2 + scheduler.random.below(3) }, (__, i) => {
              const name = `writer${round}.${i}`;
              return pusher(world, { registry: world.open(scheduler.actor(name)), told, name, count: 1 });
            });
            await runAll(world, writers);
          }
          const history = await alone(world, historyOf);
          const line = await lineOf(world);
          const overtaken = [...told.acknowledged].filter((topHash) => !line.has(topHash));
          overtakings += overtaken.length;
          reports += told.reported.size;
          const found = {
            unlisted: [...told.acknowledged].filter((topHash) => !history.includes(topHash)),
            silent: overtaken.filter((topHash) => !told.reported.has(topHash)),
            twice: history.length - new Set(history).size,
          };
          expect(found, `seed ${seed}`).toEqual({ unlisted: [], silent: [], twice: 0 });
        }
        // Else there was nothing to be told of.
        expect(reports).toBeGreaterThan(0);
        if (fate === undefined) expect(overtakings).toBeGreaterThan(0);
      },
      1_800_000,
    );
  },
);

describe("writers in a bucket without conditions that come one after the other", () => {
  it("are told of no collision, and leave no announcement", async () => {
    const world = createWorld({ seed: 1, isVersioned: false, faults: noFaults, profile: "no-conditions" });
    const told: Told = { acknowledged: new Set(), reported: new Set() };
    for (const name of ["first", "second", "third"])
      await alone(world, (registry) => pusher(world, { registry, told, name, count: 2 }));
    expect(told.acknowledged.size).toBe(6);
    expect(told.reported.size).toBe(0);
    const keys = world.simulator.bucket("bucket").objects.keys();
    expect(keys.filter((key) => key.includes("/intents/"))).toEqual([]);
  });
});
