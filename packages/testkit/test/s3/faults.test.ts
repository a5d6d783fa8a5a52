import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import type { FaultKind } from "testkit/s3/fault.js";
import { randomFaults, scriptedFaults } from "testkit/s3/fault-plan.js";
import { describe, expect, it } from "vitest";
import { loopback, text } from "./loopback.js";

const put = { method: "PUT", bucket: "b", key: "k", body: "a body of some length" };
const get = { method: "GET", bucket: "b", key: "k" };

/** What a client sees of a PUT and how many versions there are then. */
const OF_A_PUT: readonly [FaultKind, "broken" | number, number][] = [
  ["reset-before", "broken", 0],
  ["reset-after", "broken", 1],
  ["duplicate", 200, 2],
  ["zombie", "broken", 0],
  ["delay", 200, 1],
  ["error-before", 500, 0],
  ["error-after", 500, 1],
  ["error-in-200", 200, 1],
  ["slow-down", 503, 0],
  ["conflict", 409, 0],
  ["redirect", 307, 0],
  ["skewed-clock", 403, 0],
];

describe("faults", () => {
  it.each(OF_A_PUT)("%s: a PUT is answered %s, and %i versions are stored", async (kind, seen, versions) => {
    const faults = scriptedFaults([{ operation: "PutObject", fault: { kind, delayMs: 50 } }]);
    const { simulator, server, client } = await loopback({}, { faults });
    const stored = async () =>
      (text(await client.send({ method: "GET", bucket: "b", query: { versions: "" } })).match(/<Version>/g) ?? [])
        .length;
    const status = await client.send(put).then(
      (response) => response.status,
      () => "broken" as const,
    );
    expect(status).toBe(seen);
    expect(await stored()).toBe(versions);
    expect(server.log.entries[0]).toMatchObject({
      operation: "PutObject",
      key: "k",
      fault: kind,
      sentBytes: put.body.length,
    });
    if (kind === "zombie") {
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect(await stored()).toBe(1);
    }
    expect((await client.send(put)).status).toBe(200);
    expect(simulator.now()).toBeGreaterThan(0);
  });

  it.each([
    ["lost-answer", true],
    ["stall", false],
  ] as const)("%s never answers", async (kind, isApplied) => {
    const faults = scriptedFaults([{ operation: "PutObject", fault: { kind } }]);
    const { server, client } = await loopback({}, { faults });
    const first = await Promise.race([
      client.send(put).catch(() => "broken"),
      new Promise((resolve) => setTimeout(() => resolve("waiting"), 150)),
    ]);
    expect(first).toBe("waiting");
    expect((await client.send(get)).status).toBe(isApplied ? 200 : 404);
    expect(server.log.count("PutObject")).toBe(1);
  });

  it.each([
    ["cut-body", "broken"],
    ["short-length", put.body.slice(0, 10)],
    ["slow-body", put.body],
    ["wrong-body", "a body of rome length"],
  ] as const)("%s spoils what is read", async (kind, seen) => {
    const faults = scriptedFaults([{ operation: "GetObject", fault: { kind } }]);
    const { client } = await loopback({}, { faults });
    await client.send(put);
    const read = async () => client.send(get).then(text, () => "broken");
    expect(await read()).toBe(seen);
    expect(await read()).toBe(put.body);
  });

  it("strike the n-th request that matches, and by chance as the seed says", async () => {
    const plan = scriptedFaults([{ operation: "GetObject", key: /^a/, nth: 2, times: 2, fault: { kind: "stall" } }]);
    const ask = (key: string) => plan({ operation: "GetObject", method: "GET", key, headers: {} })?.kind;
    expect(["a1", "b", "a2", "a3", "a4"].map(ask)).toEqual([undefined, undefined, "stall", "stall", undefined]);
    const run = (seed: number) => {
      const random = randomFaults({ seed, rate: 0.25 });
      return Array.from(
        { length: 400 },
        () => random({ operation: "PutObject", method: "PUT", key: "k", headers: {} })?.kind,
      );
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const struck = run(3).filter((kind) => kind !== undefined).length;
    expect(struck).toBeGreaterThan(60);
    expect(struck).toBeLessThan(140);
  });
});

describe("a served simulator", () => {
  it("listens on 127.0.0.1 and takes buckets from the host's name", async () => {
    const { server, simulator } = await loopback();
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
    const exchange = httpExchange(server.url);
    const hosted = createClient({
      host: `b.localhost:${server.port}`,
      exchange,
      account: TEST_ACCOUNT,
      now: simulator.now,
    });
    const signed = hosted.sign({ method: "PUT", bucket: "dir", key: "k", body: "x" });
    expect((await exchange(signed)).status).toBe(200);
    expect(server.log.byOperation()).toEqual({ PutObject: 1 });
    expect(server.log.entries[0]).toMatchObject({ bucket: "b", key: "dir/k" });
    exchange.close();
  });

  it("sends a client to the region of a bucket", async () => {
    const { simulator, client } = await loopback();
    simulator.createBucket("far", { region: "eu-central-1" });
    const head = await client.send({ method: "HEAD", bucket: "far" });
    expect(head).toMatchObject({ status: 301, headers: { "x-amz-bucket-region": "eu-central-1" } });
    expect(text(await client.send({ method: "GET", bucket: "far", key: "k" }))).toMatch(
      /PermanentRedirect.*<Endpoint>/s,
    );
  });
});
