import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { type S3Server, serveSimulator } from "testkit/s3/server.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "testkit/s3/simulator.js";
import { temporaryDirectory } from "./temporary.js";

/** A simulator on this machine, and the environment in which T4 finds it. */
export interface ServedBuckets {
  readonly simulator: Simulator;
  readonly server: S3Server;
  /** Variables that lead to it, with an empty home and credentials of {@link TEST_ACCOUNT}. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Serves a bucket `versioned`, where the profile knows versions, and one without, `plain`. */
export async function serveBuckets(options: SimulatorOptions = {}): Promise<ServedBuckets> {
  const simulator = createSimulator(options);
  simulator.createBucket("plain");
  simulator.createBucket("versioned", { versioning: "Enabled" });
  const server = await serveSimulator(simulator);
  const home = join(temporaryDirectory(), "home");
  mkdirSync(home);
  const env = {
    HOME: home,
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_ACCESS_KEY_ID: TEST_ACCOUNT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_ACCOUNT.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return { simulator, server, env, close: () => server.close() };
}

/** Serves the same to this very process, until they are closed. */
export async function enterBuckets(options: SimulatorOptions = {}): Promise<ServedBuckets> {
  const served = await serveBuckets(options);
  const leave = enterEnvironment(served.env);
  return {
    ...served,
    close() {
      leave();
      return served.close();
    },
  };
}

/** The bytes of an object's newest version. */
export function contentOf(simulator: Simulator, bucket: string, key: string): string | undefined {
  const newest = simulator.bucket(bucket).objects.newest(key);
  return newest === undefined || newest.isDeleteMarker ? undefined : Buffer.from(newest.body).toString();
}

/** A client of the simulator that is not T4. */
export function foreignClient({ server }: ServedBuckets): ReturnType<typeof createClient> & { close(): void } {
  const exchange = httpExchange(server.url);
  const client = createClient({ host: new URL(server.url).host, exchange, account: TEST_ACCOUNT });
  return { ...client, close: () => exchange.close() };
}
