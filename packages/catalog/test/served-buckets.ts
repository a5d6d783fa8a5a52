import { join } from "node:path";
import { type Account, TEST_ACCOUNT } from "testkit/s3/account.js";
import { type S3Server, serveSimulator } from "testkit/s3/server.js";
import { createSimulator, type Simulator } from "testkit/s3/simulator.js";
import { afterAll, beforeAll } from "vitest";

/** An S3 service on this machine that T4 finds by its environment. */
export interface ServedBuckets {
  readonly simulator: Simulator;
  readonly server: S3Server;
  readonly account: Account;
}

/** Serves a bucket `lab-data` with versions and one without, `plain`, to this process, with credentials for both. */
export function useBuckets(home: string): () => ServedBuckets {
  const before = { ...process.env };
  let served: ServedBuckets | undefined;
  beforeAll(async () => {
    const simulator = createSimulator();
    simulator.createBucket("plain");
    simulator.createBucket("lab-data", { versioning: "Enabled" });
    const server = await serveSimulator(simulator);
    Object.assign(process.env, {
      HOME: join(home, "user"),
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_ACCESS_KEY_ID: TEST_ACCOUNT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_ACCOUNT.secretAccessKey,
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    served = { simulator, server, account: TEST_ACCOUNT };
  });
  afterAll(async () => {
    process.env = before;
    await served?.server.close();
  });
  return () => {
    if (served === undefined) throw new Error("The buckets are not served yet.");
    return served;
  };
}
