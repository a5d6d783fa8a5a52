import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";
import { bucketJourney, runBeside } from "./bucket-journey.js";

let served: ServedBuckets;
let root: string;

beforeEach(async () => {
  served = await serveBuckets();
  root = temporaryDirectory();
});
afterEach(() => served.close());

describe.each(["s3://versioned", "s3://plain/team"])("the command with a registry in %s", (registry) => {
  it("goes the whole way as with a folder, and asks little when nothing changed", async () => {
    const onUnchanged = (when: "begins" | "ended"): void => {
      if (when === "begins") served.server.log.clear();
      else expect(served.server.log.count()).toBeLessThanOrEqual(5);
    };
    await bucketJourney({ root, env: served.env, registry, onUnchanged });
  });
});

describe("the command", () => {
  it("says what is wrong with a place", async () => {
    const t4 = (args: readonly string[]) => runBeside({ root, env: served.env }, args);
    const absent = await t4(["list", "s3://no-such-bucket"]);
    expect(absent).toMatchObject({ code: 4, err: expect.stringContaining("NoSuchBucket") });
    expect(await t4(["show", "alice/none", "--registry", "s3://plain"])).toMatchObject({ code: 4 });
    expect(await t4(["list", "s3://versioned/../x"])).toMatchObject({ code: 2 });
    const other = await t4(["list", "gs://bucket"]);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining("neither a bucket nor a folder") });
  });
});
