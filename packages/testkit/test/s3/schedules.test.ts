import { seededRandom } from "testkit/random.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient } from "testkit/s3/client.js";
import { randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { virtualTime } from "testkit/virtual-time.js";
import { describe, expect, it } from "vitest";
import { append, type NameList } from "./append.js";

const SCHEDULES = process.env["T4_CAMPAIGN"] === "1" ? 10_000 : 60;
const place = { bucket: "b", key: "list" };

/** Three writers add three names each over a bad network; returns what is left of them, and the requests. */
async function schedule(seed: number, guard: NameList["guard"]) {
  const random = seededRandom(seed);
  const time = virtualTime();
  const simulator = createSimulator({ now: time.now, seed });
  simulator.createBucket("b");
  const faults = randomFaults({ seed, rate: 0.3, kinds: WEATHER });
  const network = simulatedNetwork({ simulator, time, random, faults });
  const writer = (id: number) => async (): Promise<string[]> => {
    const { exchange } = network.connect();
    const client = createClient({ host: "s3.amazonaws.com", exchange, account: TEST_ACCOUNT, now: time.now });
    const names = [0, 1, 2].map((n) => `w${id}n${n}`);
    for (const name of names) await append(client, { ...place, guard }, name);
    return names;
  };
  const wanted = (await time.run([0, 1, 2].map(writer))).flat();
  await time.drain();
  const kept = Buffer.from(simulator.bucket("b").objects.present("list")?.body ?? [])
    .toString()
    .split(" ");
  return { lost: wanted.filter((name) => !kept.includes(name)).length, requests: network.log.entries.length };
}

describe("a network in virtual time", () => {
  it(`loses nothing in ${SCHEDULES} schedules of compare-and-swap, and finds the losses of a naive writer`, async () => {
    let naive = 0;
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      expect({ seed, lost: (await schedule(seed, "quoted")).lost }).toEqual({ seed, lost: 0 });
      if (seed <= 20) naive += (await schedule(seed, "naive")).lost;
    }
    expect(naive).toBeGreaterThan(5);
  }, 120_000);

  it("repeats a run exactly", async () => {
    expect(await schedule(7, "naive")).toEqual(await schedule(7, "naive"));
  });

  it("leaves a dead client without answers, and says when all others wait for nothing", async () => {
    const time = virtualTime();
    const simulator = createSimulator({ now: time.now });
    simulator.createBucket("b");
    const line = simulatedNetwork({ simulator, time, random: seededRandom(1) }).connect();
    const client = createClient({
      host: "s3.amazonaws.com",
      exchange: line.exchange,
      account: TEST_ACCOUNT,
      now: time.now,
    });
    time.later(1, () => line.kill());
    await expect(time.run([async () => client.send({ method: "PUT", ...place, body: "x" })])).rejects.toThrow(
      /never happens/,
    );
    // It was on its way.
    expect(simulator.bucket("b").objects.present("list")).toBeDefined();
  });
});
