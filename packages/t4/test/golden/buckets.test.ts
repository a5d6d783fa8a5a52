import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { contentOf, enterBuckets, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";
import { type BucketsOf, unpackBuckets } from "./unpack-buckets.js";

let served: ServedBuckets;

describe.each(["s3-bucket-quilt3", "s3-bucket-t4"])("%s, as the real client left it", (vector) => {
  let index: BucketsOf;
  beforeEach(async () => {
    served = await enterBuckets();
    index = unpackBuckets(vector, served.simulator);
  });
  afterEach(async () => {
    await served.close();
  });

  /** The SHA-256 of an object, by its URL without its version, and that. */
  const sums = (): ReadonlyMap<string, string> =>
    new Map(
      index.objects.map(({ bucket, key, version_id: version, sha256 }) => [
        JSON.stringify([bucket, key, version]),
        sha256,
      ]),
    );

  it("lists what its pointers say, and opens every revision with its top hash and its bytes", async () => {
    const pointers = index.objects.filter(
      ({ key, delete_marker: isGone }) => key.includes("named_packages") && !isGone,
    );
    const buckets = [...new Set(pointers.map(({ bucket }) => bucket))];
    expect(buckets.length).toBeGreaterThan(0);
    const known = sums();
    for (const bucket of buckets) {
      const registry = `s3://${bucket}`;
      const open = await openRegistry(registry);
      const latest = contentOf(served.simulator, bucket, `.quilt/named_packages/${index.name}/latest`);
      if (latest === undefined) {
        // The client took its only revision out again.
        await expect(open.resolve(index.name)).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
        continue;
      }
      expect(await open.resolve(index.name)).toBe(latest);
      const revisions = [];
      for await (const { topHash } of open.log(index.name)) revisions.push(topHash);
      const times = served.simulator
        .bucket(bucket)
        .objects.keys()
        .filter((key) => /\/\d{10}$/.test(key))
        .map((key) => contentOf(served.simulator, bucket, key))
        .filter((topHash) => topHash !== undefined);
      expect(revisions).toEqual(times.toReversed());
      for (const topHash of new Set(revisions)) {
        const pkg = await Package.browse(index.name, { registry, topHash });
        expect(pkg.topHash()).toBe(topHash);
        expect(pkg.count).toBeGreaterThan(0);
        for (const [key, entry] of pkg.walk()) {
          const url = new URL(entry.physicalKey ?? "");
          const place = [url.hostname, decodeURIComponent(url.pathname.slice(1)), url.searchParams.get("versionId")];
          const bytes = await entry.bytes();
          expect(createHash("sha256").update(bytes).digest("hex"), key).toBe(known.get(JSON.stringify(place)));
        }
      }
    }
  });

  it("takes the next revision, which stands on theirs, and installs whole", async () => {
    const registry = "s3://data-bucket";
    const pkg = await Package.browse(index.name, { registry });
    const before = pkg.topHash();
    await pkg.setText("ours.txt", "ours");
    const topHash = await pkg.push(index.name, registry, { message: "Ours" });
    const log = [];
    for await (const revision of (await openRegistry(registry)).log(index.name)) log.push(revision.topHash);
    expect(log.slice(0, 2)).toEqual([topHash, before]);
    const installed = await Package.install(index.name, { registry, dest: join(temporaryDirectory(), "copy") });
    expect(installed.count).toBe(pkg.count);
  });
});
