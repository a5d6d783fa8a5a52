import { seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { type Actor, Scheduler } from "testkit/scheduler.js";
import { simClock } from "testkit/sim-clock.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import { s3Store } from "#t4/store/s3/s3-store.js";

const SCHEDULES = runs({ quick: 40, full: 10_000 });
const NOON = Date.UTC(2026, 10, 25, 12);
const FAULTS = [...WEATHER, "lost-answer", "stall"] as const;

interface Tally {
  /** Writes that a writer was told of, and that are in the object's history. */
  kept: number;
  lost: string[];
  /** Writes that a writer was told were refused, and that are in the history all the same. */
  falselyRefused: string[];
  unknown: number;
}

/** Three writers put their names into one object's list by compare-and-swap; some requests are broken. */
async function schedule(seed: number, isVersioned: boolean, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  const scheduler = new Scheduler({ random, now: NOON });
  const simulator = createSimulator({ now: () => scheduler.now(), seed });
  simulator.createBucket("bucket", isVersioned ? { versioning: "Enabled" } : {});
  const faults = randomFaults({ seed, rate: 0.35, kinds: FAULTS });
  const network = simulatedNetwork({ simulator, scheduler, faults });
  const told = new Map<string, boolean>();
  const writer = async (actor: Actor, w: number): Promise<void> => {
    let ids = 0;
    const store = s3Store({
      location: { bucket: "bucket", endpoint: "https://s3.example" },
      prefix: "",
      credentials: async () => TEST_ACCOUNT,
      transport: network.connect(actor),
      probeKey: ".state/probe/",
      conditions: "quoted",
      spoolDirectory: "/nowhere",
      clock: simClock(scheduler, actor),
      random: () => random.next(),
      newId: () => `w${w}-${++ids}`,
    });
    for (let n = 0; n < 6; n++) {
      const name = `${actor.name}n${n}`;
      const present = await store.get("list");
      const names = Buffer.from(present?.bytes ?? []).toString();
      try {
        const bytes = Buffer.from(`${names} ${name}`);
        told.set(name, (await store.put("list", bytes, { mode: { replaces: present?.version } })).written);
      } catch (error) {
        if (!isT4Error(error, "ERR_T4_UNKNOWN_OUTCOME")) throw error;
        tally.unknown++;
      }
    }
  };
  const written = [0, 1, 2].map((w) => writer(scheduler.actor(`w${w}`), w));
  await scheduler.run();
  await Promise.all(written);
  const kept = Buffer.from(simulator.bucket("bucket").objects.present("list")?.body ?? [])
    .toString()
    .split(" ");
  for (const [name, isWritten] of told) {
    if (isWritten && kept.includes(name)) tally.kept++;
    else if (isWritten) tally.lost.push(`${seed} ${name}`);
    else if (kept.includes(name)) tally.falselyRefused.push(`${seed} ${name}`);
  }
}

describe.each([false, true])("compare-and-swap over a bad network, versioned: %s", (isVersioned) => {
  it(`gives no wrong answer in ${SCHEDULES} schedules`, async () => {
    const tally: Tally = { kept: 0, lost: [], falselyRefused: [], unknown: 0 };
    for (let seed = 1; seed <= SCHEDULES; seed++) await schedule(seed, isVersioned, tally);
    expect(tally).toMatchObject({ lost: [], falselyRefused: [], unknown: 0 });
    expect(tally.kept).toBeGreaterThan(SCHEDULES * 6);
  }, 1_800_000);
});
