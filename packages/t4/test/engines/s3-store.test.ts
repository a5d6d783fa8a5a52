import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { deviationsOf } from "testkit/s3/profiles.js";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeTransport } from "#t4/store/s3/node-transport.js";
import { s3Store } from "#t4/store/s3/s3-store.js";
import { storeContract } from "../store/contract.js";
import { conditionsOf } from "../store/s3/simulated-store.js";
import { temporaryDirectory } from "../temporary.js";
import { makeBucket } from "./make-bucket.js";

const BUCKETS = engines("ceph", "ceph-throttled", "minio", "versitygw", "moto").flatMap((engine) =>
  [false, true].map((isVersioned) => ({ name: engine.name, engine, isVersioned })),
);

describe.each(BUCKETS)("a store on $name, versioned: $isVersioned", ({ engine, isVersioned }) => {
  const { profile, url: endpoint } = engine;
  let bucket = "";
  const transport = nodeTransport();
  let stores = 0;
  const open = () =>
    s3Store({
      location: { bucket, endpoint },
      prefix: `store/${++stores}`,
      credentials: async () => ENGINE_ACCOUNT,
      transport,
      probeKey: ".state/probe/",
      spoolDirectory: temporaryDirectory(),
    });

  beforeAll(async () => {
    ({ bucket } = await makeBucket(engine, { isVersioned }));
  });

  // How the engine takes conditions, the store finds out by itself each time.
  storeContract({
    open,
    hasConditions: conditionsOf(profile, isVersioned) !== "unsound",
    canRecreate: !(isVersioned && deviationsOf(profile).has("create-after-delete-refused")),
  });

  it("takes an upload in parts and copies it in the server", async () => {
    const store = open();
    const content = Buffer.alloc(20 << 20, "t4 on an engine");
    const source = { size: content.length, read: async (start: number, end: number) => content.subarray(start, end) };
    expect(await store.upload("k", source, { mode: "overwrite" })).toMatchObject({ written: true });
    expect(await store.touch("k")).toBe(true);
    expect(await store.moveIfOlder("k", "moved", Date.now() + 60_000)).toBe(true);
    expect(Buffer.from((await store.get("moved"))?.bytes ?? []).equals(content)).toBe(true);
  });
});
