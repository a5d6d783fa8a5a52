import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { randomFaults } from "testkit/s3/fault-plan.js";
import { serveFaultProxy } from "testkit/s3/fault-proxy.js";
import { describe, expect, it } from "vitest";
import { append, ask, namesIn } from "../s3/append.js";

const WRITERS = 4;
const NAMES = 5;
const ROUNDS = 5;

describe.each(engines("ceph", "minio", "versitygw"))(
  "$name behind a network that breaks a quarter of all requests",
  ({ name, url }) => {
    it(`keeps all of ${WRITERS} writers' names, ${ROUNDS} times`, async () => {
      // Ceph 16 compares ETags without their quotes, and soundly in unversioned buckets only.
      const guard = name === "ceph" ? "unquoted" : "quoted";
      const faults = randomFaults({ seed: 4, rate: 0.25, maxDelayMs: 150 });
      const proxy = await serveFaultProxy({ target: url, faults });
      const exchange = httpExchange(proxy.url);
      const client = createClient({ host: new URL(proxy.url).host, exchange, account: ENGINE_ACCOUNT });
      const bucket = `network-${Date.now().toString(36)}`;
      await ask(client, { method: "PUT", bucket });
      for (let round = 0; round < ROUNDS; round++) {
        const list = { bucket, key: `list-${round}`, guard } as const;
        const wanted = Array.from({ length: WRITERS }, (_, w) =>
          Array.from({ length: NAMES }, (_unused, n) => `w${w}n${n}`),
        );
        const write = async (names: readonly string[]): Promise<void> => {
          for (const each of names) await append(client, list, each);
        };
        await Promise.all(wanted.map(write));
        expect((await namesIn(client, list)).sort()).toEqual(expect.arrayContaining(wanted.flat()));
      }
      const struck = proxy.log.entries.filter(({ fault }) => fault !== undefined).length;
      expect(struck / proxy.log.count()).toBeGreaterThan(0.1);
      exchange.close();
      await proxy.close();
    }, 120_000);
  },
);

describe.each(engines("ceph-throttled"))("$name", ({ url }) => {
  it("answers 503 SlowDown when too much comes at once, and stores what it answers 200 to", async () => {
    const exchange = httpExchange(url);
    const client = createClient({ host: new URL(url).host, exchange, account: ENGINE_ACCOUNT });
    const bucket = `slow-${Date.now().toString(36)}`;
    await ask(client, { method: "PUT", bucket });
    const put = (key: string) => ({ method: "PUT", bucket, key, body: Buffer.alloc(4096) });
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
    const first = await Promise.all(keys.map(async (key) => client.send(put(key))));
    const refused = first.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body } of refused) {
      expect([status, Buffer.from(body).toString()]).toEqual([503, expect.stringContaining("<Code>SlowDown</Code>")]);
    }
    await Promise.all(keys.map(async (key) => ask(client, put(key))));
    const listed = await ask(client, { method: "GET", bucket, query: { "list-type": "2" } });
    expect(Buffer.from(listed.body).toString().match(/<Key>/g)).toHaveLength(keys.length);
    exchange.close();
  });
});
