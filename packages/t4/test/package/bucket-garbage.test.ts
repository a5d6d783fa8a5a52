import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";

let served: ServedBuckets;

beforeEach(async () => {
  served = await enterBuckets();
});
afterEach(async () => {
  await served.close();
});

describe("an object of a bucket without versions", () => {
  const DAY_MS = 24 * 3600 * 1000;
  const OBJECTS = ".quilt/t4/objects/";
  const objectsOf = (simulator: ServedBuckets["simulator"]): string[] =>
    simulator
      .bucket("plain")
      .objects.keys()
      .filter((key) => key.startsWith(OBJECTS));

  /** An object as a push leaves it that died before it was published. */
  async function leaveObject(): Promise<string> {
    await (await new Package().setText("a.txt", "a")).push("alice/w", "s3://plain");
    const client = foreignClient(served);
    for (const key of served.simulator.bucket("plain").objects.keys())
      if (!key.startsWith(OBJECTS)) await client.send({ method: "DELETE", bucket: "plain", key });
    client.close();
    return objectsOf(served.simulator)[0] ?? "";
  }

  it("keeps what a push may be about to use again for a day, however short the grace", async () => {
    const key = await leaveObject();
    const registry = await openRegistry("s3://plain");
    const object = served.simulator.bucket("plain").objects.newest(key) as { modifiedMs: number };
    const collect = () => registry.collectGarbage({ dryRun: false, graceMs: 0 });
    object.modifiedMs -= DAY_MS - 60_000;
    expect((await collect()).objects).toEqual([]);
    object.modifiedMs -= 120_000;
    expect((await collect()).objects).toEqual([key]);
    expect(objectsOf(served.simulator)).toEqual([]);
  });

  it("marks what it uses again once that is older than a day", async () => {
    await served.close();
    let ahead = -2 * DAY_MS;
    served = await enterBuckets({ now: () => Date.now() + ahead });
    const key = await leaveObject();
    const modifiedMs = (): number => served.simulator.bucket("plain").objects.newest(key)?.modifiedMs ?? 0;
    const before = modifiedMs();
    ahead += DAY_MS / 2;
    await (await new Package().setText("b.txt", "a")).push("alice/w", "s3://plain");
    expect(modifiedMs()).toBe(before);
    ahead = 0;
    await (await new Package().setText("c.txt", "a")).push("alice/x", "s3://plain");
    expect(modifiedMs()).toBeGreaterThan(before);
  });

  it.each([1, 9 << 20])("of %i bytes is sent again where it is collected in the moment of its use", async (size) => {
    await served.close();
    let ahead = -2 * DAY_MS;
    served = await enterBuckets({ now: () => Date.now() + ahead });
    const content = Buffer.alloc(size, "t4 ");
    const push = async (name: string): Promise<string> =>
      (await new Package().setBytes("a.bin", content)).push(name, "s3://plain");
    await push("alice/w");
    const { objects } = served.simulator.bucket("plain");
    const [key = ""] = objectsOf(served.simulator);
    ahead = 0;
    let copies = 0;
    served.server.setFaults(({ operation }) => {
      const isCopy = operation === "CopyObject" || operation === "UploadPartCopy";
      if (isCopy && ++copies === 1) objects.remove(key, "null");
      return undefined;
    });
    await push("alice/x");
    const pkg = await Package.browse("alice/x", { registry: "s3://plain" });
    expect(content.equals(await pkg.entry("a.bin").bytes())).toBe(true);
  });
});
