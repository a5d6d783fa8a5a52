import { runs } from "testkit/runs.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import type { TopHash } from "#t4/format/top-hash.js";
import type { PackageRegistry } from "#t4/registry/registry.js";
import { alone, createWorld, historyOf, NAME, openAs, runAll, writeRevision, writer } from "./simulation.js";

const RUNS = runs({ quick: 100, full: 10_000 });
/** Power cuts after each kind of change. */
const CHANGES = runs({ quick: 10, full: 200 });
/** Steps after which at the latest the power goes: about as many as the writers of a run take. */
const STEPS = 500;

describe("a registry after a power cut", () => {
  it("has all that was acknowledged, the old or the new state of the rest, and needs no cleaning up", async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      let left = 1 + (seed % STEPS);
      const world = createWorld(seed, (_, { actor }) => {
        if (--left < 0) actor.isDead = true;
      });
      const { scheduler } = world;
      const writers = Array.from({ length: 1 + scheduler.random.below(3) }, (_, i) => {
        const name = `writer${i}`;
        return writer(world, openAs(world, scheduler.actor(name)), { name, count: 1 + scheduler.random.below(2) });
      });
      await runAll(world, writers);
      left = Number.POSITIVE_INFINITY;
      world.disk = world.disk.powerCut(scheduler.random);
      try {
        const { acknowledged, attempts, refused } = world.log;
        const history = await alone(world, historyOf);
        expect(new Set(history).size).toBe(history.length);
        expect(acknowledged.filter((topHash) => !history.includes(topHash))).toEqual([]);
        expect(refused.filter((topHash) => history.includes(topHash))).toEqual([]);
        expect(history.map((topHash) => attempts.get(topHash))).toEqual(
          [undefined, ...history.slice(0, -1)].slice(0, history.length),
        );
        const next = await alone(world, async (registry) => {
          for (const topHash of history) (await registry.readManifest(topHash)).close();
          const parent = await registry.latest(NAME);
          expect(parent).toBe(history.at(-1));
          const topHash = await writeRevision(registry, "next");
          await registry.commit({ name: NAME, topHash }, { parent });
          return topHash;
        });
        expect(await alone(world, historyOf)).toEqual([...history, next]);
        expect(await alone(world, (registry) => registry.fsck())).toEqual([]);
      } catch (error) {
        throw new Error(`Seed ${seed}`, { cause: error });
      }
    }
  }, 900_000);
});

/** Steps of a first push, of which it is killed after each. */
const FIRST_STEPS = 60;

describe("a revision published where another process was killed", () => {
  it("outlasts a power cut, whatever that one had made and not flushed", async () => {
    for (let seed = 1; seed <= RUNS * 2; seed++) {
      let left = 1 + (seed % FIRST_STEPS);
      const world = createWorld(seed, (_, { actor }) => {
        if (actor === killed && --left < 0) actor.isDead = true;
      });
      const killed = world.scheduler.actor("killed");
      await runAll(world, [writer(world, openAs(world, killed), { name: "killed", count: 1 })]);
      const next = openAs(world, world.scheduler.actor("next"));
      await runAll(world, [writer(world, next, { name: "next", count: 1 })]);
      world.disk = world.disk.powerCut(world.scheduler.random);
      const history = await alone(world, historyOf);
      expect(
        world.log.acknowledged.filter((topHash) => !history.includes(topHash)),
        `seed ${seed}`,
      ).toEqual([]);
    }
  });
});

describe("a change of pointers", () => {
  const changes: Readonly<Record<string, (registry: PackageRegistry, oldest: TopHash) => Promise<unknown>>> = {
    rollback: (registry, topHash) => registry.rollback(NAME, { topHash }),
    tag: (registry, topHash) => registry.setTag(NAME, { tag: "second", topHash }),
    "removed tag": (registry) => registry.removeTag(NAME, { tag: "first" }),
    "removed revision": (registry, topHash) => registry.deleteRevision(NAME, { topHash }),
    "removed package": (registry) => registry.deletePackage(NAME),
    undo: (registry) => registry.undo(NAME),
  };

  async function look(registry: PackageRegistry): Promise<unknown> {
    const tags: string[] = [];
    for await (const { tag, topHash } of registry.tags(NAME)) tags.push(`${tag} ${topHash}`);
    return { tags, history: await historyOf(registry), latest: await registry.latest(NAME) };
  }

  it.each(Object.entries(changes))("that is a %s outlasts a power cut once it is acknowledged", async (_, change) => {
    for (let seed = 1; seed <= CHANGES; seed++) {
      const world = createWorld(seed);
      await runAll(world, [
        writer(world, openAs(world, world.scheduler.actor("writer")), { name: "writer", count: 3 }),
      ]);
      const [oldest = "" as TopHash] = world.log.acknowledged;
      await alone(world, (registry) => registry.setTag(NAME, { tag: "first", topHash: oldest }));
      await alone(world, (registry) => change(registry, oldest));
      const acknowledged = await alone(world, look);
      world.disk = world.disk.powerCut(world.scheduler.random);
      expect(await alone(world, look), `seed ${seed}`).toEqual(acknowledged);
    }
  });
});

describe("a call that fails while a revision is published", () => {
  it.each(["ENOSPC", "EIO"])(
    "with %s, whichever it is: an honest answer, the old revisions untouched, and the next try works",
    async (code) => {
      for (let failAt = 1; ; failAt++) {
        const world = createWorld(failAt);
        const base = await alone(world, async (registry) => {
          const topHash = await writeRevision(registry, "base");
          await registry.commit({ name: NAME, topHash }, { parent: undefined });
          return topHash;
        });
        let calls = 0;
        const fault = (): string | undefined => (++calls === failAt ? code : undefined);
        const mine = await alone(world, (registry) => writeRevision(registry, "mine"));
        const outcome = { error: undefined as unknown };
        const actor = world.scheduler.actor("failing");
        await runAll(world, [
          openAs(world, actor, { fault })
            .commit({ name: NAME, topHash: mine }, { parent: base })
            .then(
              () => undefined,
              (error: unknown) => {
                outcome.error = error;
              },
            ),
        ]);
        if (calls < failAt) break;
        const history = await alone(world, historyOf);
        const where = `${code} at call ${failAt}: ${String(outcome.error)}`;
        if (outcome.error === undefined) expect(history, where).toEqual([base, mine]);
        else if (isT4Error(outcome.error, "ERR_T4_UNKNOWN_OUTCOME", "ERR_T4_PARTIAL"))
          expect(history, where).toEqual([base, mine]);
        else expect(history, where).toEqual([base]);
        const { parent, next } = await alone(world, async (registry) => {
          const latest = await registry.latest(NAME);
          const topHash = await writeRevision(registry, "next");
          await registry.commit({ name: NAME, topHash }, { parent: latest });
          return { parent: latest, next: topHash };
        });
        expect([base, mine]).toContain(parent);
        expect(await alone(world, historyOf), where).toEqual([...history, next]);
      }
    },
    120_000,
  );
});
