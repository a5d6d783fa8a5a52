import { type Account, TEST_ACCOUNT } from "testkit/s3/account.js";
import { type S3Server, serveSimulator } from "testkit/s3/server.js";
import { createSimulator, type Simulator } from "testkit/s3/simulator.js";
import { afterAll, beforeAll } from "vitest";
import { enterService } from "./s3-environment.js";

/** An S3 service on this machine that T4 finds by its environment. */
export interface ServedBuckets {
  readonly simulator: Simulator;
  readonly server: S3Server;
  readonly account: Account;
}

/** Serves a bucket `lab-data` with versions and one without, `plain`, to this process, with credentials for both. */
export function useBuckets(home: string): () => ServedBuckets {
  let leave: (() => void) | undefined;
  let served: ServedBuckets | undefined;
  beforeAll(async () => {
    const simulator = createSimulator();
    simulator.createBucket("plain");
    simulator.createBucket("lab-data", { versioning: "Enabled" });
    const server = await serveSimulator(simulator);
    leave = enterService(home, { url: server.url, account: TEST_ACCOUNT });
    served = { simulator, server, account: TEST_ACCOUNT };
  });
  afterAll(async () => {
    leave?.();
    await served?.server.close();
  });
  return () => {
    if (served === undefined) throw new Error("The buckets are not served yet.");
    return served;
  };
}
