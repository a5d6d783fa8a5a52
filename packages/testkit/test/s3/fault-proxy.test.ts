import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { serveFaultProxy } from "testkit/s3/fault-proxy.js";
import { expect, it } from "vitest";
import { loopback } from "./loopback.js";

it("a fault proxy passes signed requests on, and breaks what it is told to", async () => {
  const { server } = await loopback();
  const faults = scriptedFaults([{ operation: "PutObject", fault: { kind: "reset-after" } }]);
  const proxy = await serveFaultProxy({ target: server.url, faults });
  const exchange = httpExchange(proxy.url);
  const client = createClient({ host: new URL(proxy.url).host, exchange, account: TEST_ACCOUNT });
  const at = { bucket: "b", key: "k" };
  await expect(client.send({ method: "PUT", ...at, body: "x" })).rejects.toThrow();
  const got = await client.send({ method: "GET", ...at });
  expect([got.status, Buffer.from(got.body).toString()]).toEqual([200, "x"]);
  expect(proxy.log.entries.map(({ operation, fault }) => [operation, fault])).toEqual([
    ["PutObject", "reset-after"],
    ["GetObject", undefined],
  ]);
  exchange.close();
  await proxy.close();
  await expect(serveFaultProxy({ target: "http://192.0.2.1:80" })).rejects.toThrow(/127\.0\.0\.1 only/);
});
