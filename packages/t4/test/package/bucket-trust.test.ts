import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { contentOf, enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;
let root: string;

beforeEach(async () => {
  served = await enterBuckets();
  root = temporaryDirectory();
});
afterEach(async () => {
  await served.close();
});

describe("a package in a bucket", () => {
  const registry = "s3://versioned";

  /** Publishes a package whose only file is said to be at `url`. */
  async function publishAt(url: string, bytes = "secret"): Promise<void> {
    await (await new Package().setText("a.txt", bytes)).push("eve/trap", registry);
    const { objects } = served.simulator.bucket("versioned");
    for (const key of objects.keys().filter((each) => each.startsWith(".quilt/packages/"))) {
      const text = contentOf(served.simulator, "versioned", key) ?? "";
      const body = Buffer.from(text.replace(/"physical_keys": \["[^"]*"\]/, `"physical_keys": ["${url}"]`));
      const client = foreignClient(served);
      await client.send({ method: "PUT", bucket: "versioned", key, body });
      client.close();
    }
  }

  const read = async (trustBuckets?: string[]): Promise<string> =>
    (await Package.browse("eve/trap", { registry, ...(trustBuckets && { trustBuckets }) })).entry("a.txt").text();

  it("leads to no local file", async () => {
    const secret = join(root, "secret.txt");
    writeFileSync(secret, "secret");
    await publishAt(`file://${secret}`);
    await expect(read()).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    const install = Package.install("eve/trap", { registry, dest: join(root, "copy") });
    await expect(install).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("leads to other buckets only as everybody may read them, or where the user trusts it", async () => {
    await publishAt("s3://other/private.txt");
    const bucket = served.simulator.createBucket("other");
    const client = foreignClient(served);
    await client.send({ method: "PUT", bucket: "other", key: "private.txt", body: Buffer.from("secret") });
    client.close();
    served.server.log.clear();
    await expect(read()).rejects.toMatchObject({
      code: "ERR_T4_ACCESS",
      hint: expect.stringContaining("--trust-bucket other"),
    });
    const asked = served.server.log.entries.filter((entry) => entry.bucket === "other");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
    expect(await read(["other"])).toBe("secret");
    const Resource = "arn:aws:s3:::other/*";
    bucket.policy = { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource }] };
    expect(await read()).toBe("secret");
  });

  it("is refused where its manifest does not say how large an object is", async () => {
    const lines = [
      '{"version":"v0"}',
      '{"logical_key":"a","physical_keys":["s3://other/a"],"size":null,"hash":null,"meta":{}}',
    ];
    const pkg = await Package.load(Buffer.from(`${lines.join("\n")}\n`));
    await expect(pkg.build("eve/sizeless")).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    await expect(pkg.entry("a").text()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });

  it("does not get the trust of another package", async () => {
    await publishAt("s3://other/private.txt");
    const trap = await Package.browse("eve/trap", { registry });
    await (await new Package().setText("b.txt", "b")).push("alice/w", registry);
    const trusting = await Package.browse("alice/w", { registry, trustBuckets: ["other"] });
    await expect(trusting.set("c.txt", trap.entry("a.txt"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    expect(() => trusting.merge(trusting, trap)).toThrow(expect.objectContaining({ code: "ERR_T4_UNSAFE" }));
  });
});

describe("a bucket whose server does not keep conditions on writes", () => {
  it("is read, and refuses a push before anything is sent", async () => {
    await (await new Package().setText("a.txt", "a")).push("alice/w", "s3://versioned");
    await served.close();
    served = await enterBuckets({ profile: "ceph-20" });
    const push = (await new Package().setText("a.txt", "a")).push("alice/w", "s3://versioned");
    await expect(push).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    const keys = served.simulator.bucket("versioned").objects.keys();
    expect(keys.filter((key) => contentOf(served.simulator, "versioned", key) !== undefined)).toEqual([]);
    await (await new Package().setText("a.txt", "a")).push("alice/w", "s3://plain");
    expect(await (await Package.browse("alice/w", { registry: "s3://plain" })).entry("a.txt").text()).toBe("a");
  });
});
