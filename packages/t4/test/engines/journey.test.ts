import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { deviationsOf } from "testkit/s3/profiles.js";
import { describe, expect, it } from "vitest";
import { bucketJourney } from "../cli/bucket-journey.js";
import { conditionsOf } from "../store/s3/simulated-store.js";
import { temporaryDirectory } from "../temporary.js";
import { makeBucket } from "./make-bucket.js";

const BUCKETS = engines("ceph", "ceph-throttled", "minio", "versitygw", "moto").flatMap((engine) =>
  [false, true].map((isVersioned) => ({ name: engine.name, engine, isVersioned })),
);

/** Those that keep conditions on writes. */
const SOUND = BUCKETS.filter(({ engine, isVersioned }) => conditionsOf(engine.profile, isVersioned) !== "unsound");

describe.each(SOUND)("the command with a bucket of $name, versioned: $isVersioned", ({ engine, isVersioned }) => {
  it("goes the whole way as with a folder", { timeout: 300_000 }, async () => {
    const { bucket } = await makeBucket(engine, { isVersioned });
    const canRecreate = !(isVersioned && deviationsOf(engine.profile).has("create-after-delete-refused"));
    const root = temporaryDirectory();
    const home = join(root, "home");
    mkdirSync(home);
    const env = {
      HOME: home,
      AWS_ENDPOINT_URL_S3: engine.url,
      AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
      AWS_REGION: "us-east-1",
    };
    await expect(bucketJourney({ root, env, registry: `s3://${bucket}/team`, canRecreate })).resolves.toBeUndefined();
  });
});
