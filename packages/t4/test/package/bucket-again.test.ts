import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";

let served: ServedBuckets;

beforeEach(async () => {
  served = await enterBuckets();
});
afterEach(async () => {
  await served.close();
});

const registry = "s3://versioned";

async function push(name = "alice/w"): Promise<string> {
  const pkg = await (await new Package().setText("a.txt", "a")).setText("b.txt", "b");
  return pkg.push(name, registry, { message: "First" });
}

/** Removes all versions of an object. */
async function remove(key: string): Promise<void> {
  const client = foreignClient(served);
  for (const { versionId } of served.simulator.bucket("versioned").objects.history(key))
    await client.send({ method: "DELETE", bucket: "versioned", key, query: { versionId } });
  client.close();
}

const browse = (): Promise<Package> => Package.browse("alice/w", { registry });

describe("a revision that is pushed again", () => {
  it("has its files again that were removed for good; where nothing changed, none is looked at", async () => {
    const topHash = await push();
    await (await new Package().setText("other.txt", "other")).push("alice/w", registry, { force: true });
    await remove("alice/w/a.txt");
    expect(await push()).toBe(topHash);
    const pkg = await browse();
    expect(pkg.topHash()).toBe(topHash);
    expect(await pkg.entry("a.txt").text()).toBe("a");
    served.server.log.clear();
    await push();
    expect(served.server.log.entries.filter(({ key }) => key.startsWith("alice/w/"))).toEqual([]);
  });

  it("stays as it is where all that it names is there, so that nobody's later removal takes it away", async () => {
    await push();
    const first = (await browse()).entry("a.txt").physicalKey;
    await push("bob/w");
    expect((await browse()).entry("a.txt").physicalKey).toBe(first);
    await remove("bob/w/a.txt");
    expect(await (await browse()).entry("a.txt").text()).toBe("a");
  });
});
