import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_ACCOUNT, type Engine, engines } from "testkit/engines.js";
import { enterEnvironment } from "testkit/environment.js";
import { noFaults } from "testkit/s3/fault-plan.js";
import { serveFaultProxy } from "testkit/s3/fault-proxy.js";
import { deviationsOf } from "testkit/s3/profiles.js";
import type { S3Server } from "testkit/s3/server.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectRegistry, Package } from "#t4/index.js";
import { conditionsOf } from "../store/s3/simulated-store.js";
import { temporaryDirectory } from "../temporary.js";
import { makeBucket } from "./make-bucket.js";

const BUCKETS = engines("ceph", "ceph-throttled", "minio", "versitygw", "moto").flatMap((engine) =>
  [false, true].map((isVersioned) => ({ name: engine.name, engine, isVersioned })),
);
const isSound = ({ engine, isVersioned }: (typeof BUCKETS)[number]): boolean =>
  conditionsOf(engine.profile, isVersioned) !== "unsound";

/** Of two parts. */
const LARGE = Buffer.alloc(9 << 20, "t4 ");

let proxy: S3Server;
let leave: () => void;

async function enter({ url }: Engine): Promise<void> {
  proxy = await serveFaultProxy({ target: url, faults: noFaults });
  const home = join(temporaryDirectory(), "home");
  mkdirSync(home);
  leave = enterEnvironment({
    HOME: home,
    AWS_ENDPOINT_URL_S3: proxy.url,
    AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
    AWS_REGION: "us-east-1",
  });
}

/** Bytes of files that were fetched from the server since the log began. */
function fetched(): number {
  const data = proxy.log.entries.filter(
    ({ method, key }) => method === "GET" && !/^\.quilt\/(?!t4\/objects)/.test(key),
  );
  return data.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
}

describe.each(BUCKETS.filter(isSound))("on $name, versioned: $isVersioned", ({ engine, isVersioned }) => {
  const deviations = deviationsOf(engine.profile);
  const provesParts = !(
    ["part-copy-checksums-untold", "part-copy-checksums-refused", "part-copy-checksums-of-source"] as const
  ).some((deviation) => deviations.has(deviation));
  let from: string;
  let to: string;
  beforeEach(async () => {
    await enter(engine);
    const [first, second] = [await makeBucket(engine, { isVersioned }), await makeBucket(engine, { isVersioned })];
    [from, to] = [`s3://${first.bucket}`, `s3://${second.bucket}`];
  });
  afterEach(async () => {
    leave();
    await proxy.close();
  });

  it("packages go from bucket to bucket, inside the server where it proves hashes", async () => {
    const pkg = await (await new Package().setText("small.txt", "small")).setBytes("large.bin", LARGE);
    const topHash = await pkg.push("alice/w", from);
    const source = await Package.browse("alice/w", { registry: from });
    proxy.log.clear();
    expect(await source.push("alice/w", to)).toBe(topHash);
    // In a bucket without versions small files are copied as a part, too.
    if (provesParts) expect(fetched()).toBe(0);
    else expect(fetched()).toBeGreaterThanOrEqual(LARGE.length);
    const copied = await Package.browse("alice/w", { registry: to });
    expect(LARGE.equals(await copied.entry("large.bin").bytes())).toBe(true);
    expect(copied.entry("small.txt").physicalKey).toContain(to);
    expect(await copied.entry("small.txt").text()).toBe("small");
  });

  it("objects are registered under the hashes that their bytes have", async () => {
    const files = await (await new Package().setText("small.txt", "small")).setBytes("large.bin", LARGE);
    const topHash = await files.push("alice/w", from, { dest: "raw" });
    const registered = await new Package().setDir("/", `${from}/raw/`);
    expect(registered.count).toBe(2);
    expect(await registered.push("alice/raw", to)).toBe(topHash);
    const copied = await Package.browse("alice/raw", { registry: to });
    expect(LARGE.equals(await copied.entry("large.bin").bytes())).toBe(true);
  });
});

describe.each(BUCKETS)("doctor on $name, versioned: $isVersioned", (place) => {
  it("says whether pushes are safe", async () => {
    const { engine, isVersioned } = place;
    await enter(engine);
    try {
      const { bucket } = await makeBucket(engine, { isVersioned });
      const { checks } = await inspectRegistry(`s3://${bucket}`);
      const states = Object.fromEntries(checks.map(({ subject, state }) => [subject, state]));
      const deviations = deviationsOf(engine.profile);
      const keepsChecksums = !deviations.has("checksums-dropped");
      expect(states).toEqual({
        account: "ok",
        reading: "ok",
        writing: "ok",
        // Where races are lost at times, both are true.
        publishing: deviations.has("races-lost-at-times") ? states["publishing"] : isSound(place) ? "ok" : "bad",
        versions: isVersioned ? "ok" : "limited",
        checksums: keepsChecksums ? "ok" : "limited",
        clock: "ok",
      });
    } finally {
      leave();
      await proxy.close();
    }
  });
});
