import { seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient } from "testkit/s3/client.js";
import { randomFaults } from "testkit/s3/fault-plan.js";
import type { ProfileName } from "testkit/s3/profiles.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { type Actor, Scheduler } from "testkit/scheduler.js";
import { describe, expect, it } from "vitest";
import { append, type NameList } from "./append.js";

const SCHEDULES = runs({ quick: 60, full: 10_000 });
const NOON = Date.UTC(2026, 10, 25, 12);

interface Setting {
  readonly seed: number;
  readonly guard: NameList["guard"];
  readonly profile?: ProfileName;
  /** Kills the first writer some time into the run. */
  readonly isDeadly?: boolean;
}

/** Three writers add three names each over a bad network; returns which acknowledged names are lost, and all requests. */
async function schedule({ seed, guard, profile = "aws", isDeadly = false }: Setting) {
  const random = seededRandom(seed);
  const scheduler = new Scheduler({ random, now: NOON });
  const now = (): number => scheduler.now();
  const simulator = createSimulator({ now, seed, profile });
  simulator.createBucket("b", { versioning: "Enabled" });
  const network = simulatedNetwork({ simulator, scheduler, faults: randomFaults({ seed, rate: 0.3 }) });
  const acknowledged: string[] = [];
  const writer = async (actor: Actor): Promise<void> => {
    const exchange = network.connect(actor);
    const client = createClient({ host: "s3.amazonaws.com", exchange, account: TEST_ACCOUNT, now });
    for (const name of [0, 1, 2].map((n) => `${actor.name}n${n}`)) {
      await append(client, { bucket: "b", key: "list", guard }, name);
      acknowledged.push(name);
    }
  };
  const actors = [0, 1, 2].map((id) => scheduler.actor(`w${id}`));
  const written = actors.map(writer);
  const killer = scheduler.actor("killer");
  const kill = (): void => {
    if (isDeadly) (actors[0] as Actor).isDead = true;
  };
  const killed = scheduler.step(killer, { label: "kill", delayMs: random.next() * 400, act: kill });
  await scheduler.run();
  await Promise.all([killed, ...written.slice(isDeadly ? 1 : 0)]);
  const kept = Buffer.from(simulator.bucket("b").objects.present("list")?.body ?? [])
    .toString()
    .split(" ");
  const lost = acknowledged.filter((name) => !kept.includes(name));
  return { lost, requests: network.log.entries.map(({ method, status, fault }) => `${method} ${status} ${fault}`) };
}

async function lossesIn(count: number, setting: Omit<Setting, "seed">): Promise<number> {
  let losses = 0;
  for (let seed = 1; seed <= count; seed++) losses += (await schedule({ ...setting, seed })).lost.length;
  return losses;
}

describe("a network in the scheduler's time", () => {
  it(`loses nothing in ${SCHEDULES} schedules of compare-and-swap with a writer that dies`, async () => {
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      expect({ seed, lost: (await schedule({ seed, guard: "quoted", isDeadly: true })).lost }).toEqual({
        seed,
        lost: [],
      });
    }
  }, 900_000);

  it("finds the losses of a naive writer, and those of a store whose conditions are not atomic", async () => {
    expect(await lossesIn(20, { guard: "naive" })).toBeGreaterThan(5);
    expect(await lossesIn(20, { guard: "quoted", profile: "ceph-20" })).toBeGreaterThan(0);
  });

  it("repeats a run exactly", async () => {
    const setting = { seed: 7, guard: "naive", isDeadly: true } as const;
    expect(await schedule(setting)).toEqual(await schedule(setting));
    expect(await schedule(setting)).not.toEqual(await schedule({ ...setting, seed: 8 }));
  });
});
