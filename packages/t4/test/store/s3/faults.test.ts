import type { FaultKind } from "testkit/s3/fault.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { describe, expect, it } from "vitest";
import { nodeTransport } from "#t4/store/s3/node-transport.js";
import type { S3StoreOptions } from "#t4/store/s3/s3-store.js";
import { simulatedStore } from "./simulated-store.js";

type Transport = S3StoreOptions["transport"];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (object: { readonly bytes: Uint8Array } | undefined): string =>
  Buffer.from(object?.bytes ?? []).toString();
/** Gives up on a line that is silent sooner than the store does. */
const patient = nodeTransport();
const impatient: Transport = async (request, signal) => patient({ ...request, idleMs: 300 }, signal);
const noSleep = { now: () => Date.now(), sleep: async () => undefined };
const store = { transport: impatient, clock: noSleep };

/** What can happen to one request of a writer that must come through all the same. */
const SURVIVED: readonly FaultKind[] = [
  "reset-before",
  "reset-after",
  "lost-answer",
  "stall",
  "duplicate",
  "error-before",
  "error-after",
  "slow-down",
  "conflict",
  "skewed-clock",
];

describe("a store behind a line that breaks", () => {
  it.each(SURVIVED)("creates and swaps exactly once after %s", async (kind) => {
    for (const isVersioned of [false, true]) {
      const faults = scriptedFaults([1, 3].map((nth) => ({ operation: "PutObject", nth, fault: { kind } })));
      const bucket = await simulatedStore({ isVersioned, faults, store });
      const created = await bucket.store.put("k", bytes("1"), { mode: { replaces: undefined } });
      expect(created.written).toBe(true);
      const present = await bucket.store.get("k");
      const swapped = await bucket.store.put("k", bytes("2"), { mode: { replaces: present?.version } });
      expect(swapped).toMatchObject({ written: true });
      expect((await bucket.store.put("k", bytes("x"), { mode: { replaces: present?.version } })).written).toBe(false);
      expect((await bucket.store.put("k", bytes("x"), { mode: "create" })).written).toBe(false);
      expect(textOf(await bucket.store.get("k"))).toBe("2");
    }
  });

  it("finds out whether it wrote where every answer was lost", async () => {
    for (const isVersioned of [false, true]) {
      const rules = [1, 2].map(
        (nth) => ({ operation: "PutObject", nth, times: 99, fault: { kind: "reset-after" } }) as const,
      );
      const bucket = await simulatedStore({ isVersioned, faults: scriptedFaults(rules), store });
      const created = await bucket.store.put("k", bytes("1"), { mode: { replaces: undefined } });
      expect(created.written).toBe(true);
      const present = await bucket.store.get("k");
      const swapped = await bucket.store.put("k", bytes("2"), { mode: { replaces: present?.version } });
      expect(swapped.written).toBe(true);
      expect(textOf(await bucket.store.get("k"))).toBe("2");
    }
  });

  it.each(["reset-after", "lost-answer", "error-in-200", "error-before", "stall"] as const)(
    "ends an upload in parts and a copy once after %s",
    async (kind) => {
      // Only what takes long has its failure in a 200.
      const long = ["CompleteMultipartUpload", "CopyObject"] as const;
      const operations = kind === "error-in-200" ? long : ([...long, "UploadPart"] as const);
      const faults = scriptedFaults(operations.map((operation) => ({ operation, fault: { kind } })));
      const bucket = await simulatedStore({ faults, store });
      const content = Buffer.alloc(8 << 20, "t4");
      const source = { size: content.length, read: async (start: number, end: number) => content.subarray(start, end) };
      expect(await bucket.store.upload("k", source, { mode: "create" })).toMatchObject({ written: true });
      expect(await bucket.store.moveIfOlder("k", "moved", Date.now() + 60_000)).toBe(true);
      expect(Buffer.from((await bucket.store.get("moved"))?.bytes ?? []).equals(content)).toBe(true);
      expect(bucket.simulator.bucket("bucket").uploads.size).toBe(0);
    },
  );

  it.each(["cut-body", "wrong-body", "short-length", "slow-body", "stall", "slow-down"] as const)(
    "reads the right bytes after %s",
    async (kind) => {
      const faults = scriptedFaults([{ operation: "GetObject", fault: { kind } }]);
      const bucket = await simulatedStore({ faults, store });
      await bucket.store.put("k", bytes("a text of some length"));
      expect(textOf(await bucket.store.get("k"))).toBe("a text of some length");
    },
  );

  it("says so when bytes stay damaged, and when no answer comes at all", async () => {
    const always = (kind: FaultKind) => scriptedFaults([{ operation: "GetObject", times: 99, fault: { kind } }]);
    const bucket = await simulatedStore({ faults: always("wrong-body"), store });
    await bucket.store.put("k", bytes("text"));
    await expect(bucket.store.get("k")).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    bucket.server.setFaults(always("reset-before"));
    bucket.server.log.clear();
    await expect(bucket.store.get("k")).rejects.toMatchObject({ code: "ERR_T4_IO", facts: { tries: 10 } });
    expect(bucket.server.log.count("GetObject")).toBe(10);
  });

  it("says unknown when a swap's answer never comes and nothing can be read", async () => {
    const faults = scriptedFaults([{ key: "p/k", times: 999, fault: { kind: "reset-after" } }]);
    const bucket = await simulatedStore({ faults, store });
    const put = bucket.store.put("k", bytes("1"), { mode: { replaces: undefined } });
    await expect(put).rejects.toMatchObject({ code: "ERR_T4_UNKNOWN_OUTCOME" });
  });

  it("says unknown when a client without logs wrote over a doubtful swap, unless the bucket has versions", async () => {
    for (const isVersioned of [false, true]) {
      const bucket = await simulatedStore({ isVersioned, store });
      await bucket.store.put("k", bytes("1"), { mode: { replaces: undefined } });
      const present = await bucket.store.get("k");
      // The swap arrives, its answer does not; before it is sent again, somebody else overwrites.
      const foreign = bucket.another({
        transport: async (request, signal) => {
          const answer = await impatient(request, signal);
          if (request.method !== "PUT" || answer.status !== 200) return answer;
          await overwritePlainly(bucket, "foreign");
          throw new Error("reset");
        },
      });
      const swap = foreign.put("k", bytes("2"), { mode: { replaces: present?.version } });
      if (isVersioned) expect(await swap).toMatchObject({ written: true });
      else await expect(swap).rejects.toMatchObject({ code: "ERR_T4_UNKNOWN_OUTCOME" });
    }
  });

  it("stops at once when it is told to", async () => {
    const faults = scriptedFaults([{ operation: "GetObject", times: 99, fault: { kind: "stall" } }]);
    const bucket = await simulatedStore({ faults });
    const controller = new AbortController();
    const started = Date.now();
    const reading = bucket.store.get("k", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await expect(reading).rejects.toThrow("enough");
    expect(Date.now() - started).toBeLessThan(5000);
    await expect(bucket.store.get("k", { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("sends less at once when the server asks for it", async () => {
    const faults = scriptedFaults([{ operation: "PutObject", times: 60, fault: { kind: "slow-down" } }]);
    let most = 0;
    let running = 0;
    const counted: Transport = async (request, signal) => {
      most = Math.max(most, ++running);
      try {
        return await patient(request, signal);
      } finally {
        running--;
      }
    };
    const bucket = await simulatedStore({ faults, store: { transport: counted, clock: noSleep } });
    const put = async (i: number) => bucket.store.put(`k${i}`, bytes("x"));
    await Promise.all(Array.from({ length: 100 }, (_, i) => put(i)));
    expect(most).toBe(32);
    most = 0;
    await Promise.all(Array.from({ length: 40 }, (_, i) => put(i)));
    expect(most).toBeLessThanOrEqual(18);
  });
});

/** What a client does that knows nothing of conditions and logs. */
async function overwritePlainly(bucket: Awaited<ReturnType<typeof simulatedStore>>, text: string): Promise<void> {
  const { createClient, httpExchange } = await import("testkit/s3/client.js");
  const { TEST_ACCOUNT } = await import("testkit/s3/account.js");
  const exchange = httpExchange(bucket.server.url);
  const client = createClient({ host: new URL(bucket.server.url).host, exchange, account: TEST_ACCOUNT });
  await client.send({ method: "PUT", bucket: "bucket", key: "p/k", body: text });
  exchange.close();
}
