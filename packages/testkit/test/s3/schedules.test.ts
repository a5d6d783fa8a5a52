import { seededRandom } from "testkit/random.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient, type S3Client } from "testkit/s3/client.js";
import { randomFaults, WEATHER } from "testkit/s3/fault-plan.js";
import type { HttpResponse } from "testkit/s3/message.js";
import { simulatedNetwork } from "testkit/s3/simulated-exchange.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { virtualTime } from "testkit/virtual-time.js";
import { describe, expect, it } from "vitest";

const SCHEDULES = process.env["T4_CAMPAIGN"] === "1" ? 10_000 : 60;
const place = { bucket: "b", key: "list" };

/** Repeats a request until it has an answer that says something. */
async function ask(client: S3Client, request: Parameters<S3Client["send"]>[0]): Promise<HttpResponse> {
  for (;;) {
    const response = await client.send(request).catch(() => undefined);
    if (response !== undefined && response.status < 500 && response.status !== 409) return response;
  }
}

/** Adds a name to a list kept in one object, by compare-and-swap or (`isNaive`) by writing what was read before. */
async function append(client: S3Client, name: string, isNaive: boolean): Promise<void> {
  for (;;) {
    const now = await ask(client, { method: "GET", ...place });
    const names = now.status === 404 ? [] : Buffer.from(now.body).toString().split(" ");
    if (names.includes(name)) return;
    const condition: Record<string, string> =
      now.status === 404 ? { "if-none-match": "*" } : { "if-match": now.headers["etag"] ?? "" };
    const body = [...names, name].join(" ");
    const put = await ask(client, { method: "PUT", ...place, body, headers: isNaive ? {} : condition });
    if (put.status === 200) return;
  }
}

/** Three writers add three names each over a bad network; returns what is left of them, and the requests. */
async function schedule(seed: number, isNaive: boolean) {
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
    for (const name of names) await append(client, name, isNaive);
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
      expect({ seed, lost: (await schedule(seed, false)).lost }).toEqual({ seed, lost: 0 });
      if (seed <= 20) naive += (await schedule(seed, true)).lost;
    }
    expect(naive).toBeGreaterThan(5);
  }, 120_000);

  it("repeats a run exactly", async () => {
    expect(await schedule(7, true)).toEqual(await schedule(7, true));
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
