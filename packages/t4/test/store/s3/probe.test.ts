import { randomFaults, scriptedFaults, WEATHER } from "testkit/s3/fault-plan.js";
import { describe, expect, it } from "vitest";
import { conditionsOf, simulatedStore } from "./simulated-store.js";

const clock = { now: () => Date.now(), sleep: async () => undefined };
const create = { mode: "create" } as const;
const BYTES = Buffer.from("1");

describe("trying a server out", () => {
  it.each(["aws", "ceph-16", "ceph-20"] as const)(
    "comes to the same answer over a bad network: %s",
    async (profile) => {
      for (const isVersioned of [false, true]) {
        const store = { clock, conditions: undefined };
        const bucket = await simulatedStore({ profile, isVersioned, store });
        const isSound = conditionsOf(profile, isVersioned) !== "unsound";
        for (let seed = 1; seed <= 5; seed++) {
          bucket.server.setFaults(randomFaults({ seed, rate: 0.25, kinds: WEATHER, maxDelayMs: 5 }));
          const put = bucket.another().put(`k${seed}`, BYTES, create);
          if (isSound) expect((await put).written).toBe(true);
          else await expect(put).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
        }
      }
    },
  );

  it("is done once, and only for a condition", async () => {
    const { store, server } = await simulatedStore({ store: { conditions: undefined } });
    await store.put("k", BYTES);
    expect(server.log.count()).toBe(1);
    await store.put("k1", BYTES, create);
    const { length } = server.log.entries;
    expect(length).toBeLessThan(60);
    await store.put("k2", BYTES, create);
    expect(server.log.count()).toBe(length + 1);
  });

  it("is refused where it may not write, and so are conditions", async () => {
    const { store, simulator } = await simulatedStore({ store: { conditions: undefined } });
    simulator.bucket("bucket").policy = {
      Statement: [
        { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/p/.state/*" },
      ],
    };
    await expect(store.put("k", BYTES, create)).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    expect((await store.put("k", BYTES)).written).toBe(true);
  });

  it("of Amazon S3 is not needed", async () => {
    const { another, simulator } = await simulatedStore();
    let requests = 0;
    const amazon = another({
      location: { bucket: "bucket" },
      conditions: undefined,
      transport: async (request) => {
        requests++;
        return simulator.handle(request);
      },
    });
    expect((await amazon.put("k", BYTES, create)).written).toBe(true);
    expect(requests).toBe(1);
  });
});

/** Statements that deny everybody these actions. */
const denying = (...Action: readonly string[]) => ({
  Statement: [{ Effect: "Deny", Principal: "*", Action, Resource: "*" } as const],
});

describe("asking whether a bucket has versions", () => {
  it("is done each time: it may have failed, and versions may be suspended", async () => {
    const faults = scriptedFaults([{ times: 10, fault: { kind: "error-before" } }]);
    const { store, simulator } = await simulatedStore({ isVersioned: true, faults, store: { clock } });
    await expect(store.isVersioned()).rejects.toMatchObject({ code: "ERR_T4_IO" });
    expect(await store.isVersioned()).toBe(true);
    simulator.bucket("bucket").versioning = "Suspended";
    expect(await store.isVersioned()).toBe(false);
  });

  it.each([true, false])("needs no right to ask, nor to delete: %s", async (isVersioned) => {
    const { store, simulator } = await simulatedStore({ isVersioned });
    simulator.bucket("bucket").policy = denying("s3:GetBucketVersioning", "s3:DeleteObject*");
    expect(await store.isVersioned()).toBe(isVersioned);
  });
});

describe("an examination", () => {
  it.each([true, false])("tells who may write from who may not, versions: %s", async (isVersioned) => {
    const { store, simulator } = await simulatedStore({ isVersioned, store: { clock } });
    const policy = (...actions: readonly string[]) => {
      simulator.bucket("bucket").policy = denying(...actions);
    };
    policy("s3:PutObject");
    expect((await store.examine()).writing).toBeUndefined();
    const sound = { comparesChecksums: true, keepsChecksums: true, conditions: "quoted" };
    policy("s3:DeleteObject*");
    expect((await store.examine()).writing).toEqual(sound);
    policy("s3:GetObject");
    expect((await store.examine()).writing).toMatchObject({ comparesChecksums: true, keepsChecksums: false });
  });

  it("leaves nothing behind when it fails", async () => {
    const faults = scriptedFaults([{ operation: "HeadObject", times: 99, fault: { kind: "error-before" } }]);
    const { store, simulator } = await simulatedStore({ faults, store: { clock } });
    await expect(store.examine()).rejects.toMatchObject({ code: "ERR_T4_IO" });
    expect(simulator.bucket("bucket").objects.keys()).toEqual([]);
  });
});
