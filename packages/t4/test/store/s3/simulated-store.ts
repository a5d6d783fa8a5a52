import { afterFile } from "testkit/after.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import type { FaultPlan } from "testkit/s3/fault-plan.js";
import { deviationsOf, type ProfileName } from "testkit/s3/profiles.js";
import { type S3Server, serveSimulator } from "testkit/s3/server.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "testkit/s3/simulator.js";
import { systemClock } from "#t4/base/clock.js";
import { type S3Client, s3Client } from "#t4/store/s3/client.js";
import { nodeTransport } from "#t4/store/s3/node-transport.js";
import { RETRY_POLICY } from "#t4/store/s3/retry.js";
import { type S3Store, type S3StoreOptions, s3Store } from "#t4/store/s3/s3-store.js";
import { createThrottle } from "#t4/store/s3/throttle.js";
import { temporaryDirectory } from "../../temporary.js";

type Conditions = NonNullable<S3StoreOptions["conditions"]>;

/** How a bucket of a profile has to be written to. */
export function conditionsOf(profile: ProfileName, isVersioned: boolean): Conditions {
  const deviations = deviationsOf(profile);
  if (deviations.has("create-ignored")) return "unsound";
  const spoilt = [
    "create-ignored-when-versioned",
    "match-refused-when-versioned",
    "races-lost-when-versioned",
  ] as const;
  if (isVersioned && spoilt.some((deviation) => deviations.has(deviation))) return "unsound";
  return deviations.has("match-quoted-refused") ? "bare" : "quoted";
}

/** Options of {@link simulatedStore}. */
export interface SimulatedStoreOptions extends SimulatorOptions {
  readonly isVersioned?: boolean;
  readonly faults?: FaultPlan;
  readonly store?: Partial<S3StoreOptions>;
}

/** A store on a simulator that is served on this machine until the file's tests are done. */
export async function simulatedStore(options: SimulatedStoreOptions = {}): Promise<{
  readonly store: S3Store;
  /** What sends the requests of such a store. */
  readonly client: S3Client;
  readonly server: S3Server;
  readonly simulator: Simulator;
  /** Another store on the same bucket, for another client. */
  readonly another: (store?: Partial<S3StoreOptions>) => S3Store;
}> {
  const { isVersioned = false, faults, store: ofStore, ...ofSimulator } = options;
  const simulator = createSimulator(ofSimulator);
  simulator.createBucket("bucket", isVersioned ? { versioning: "Enabled" } : {});
  const server = await serveSimulator(simulator, faults === undefined ? {} : { faults });
  const transport = nodeTransport();
  for (const each of [server, transport]) afterFile(() => each.close());
  const line = {
    location: { bucket: "bucket", endpoint: server.url },
    credentials: async () => TEST_ACCOUNT,
    transport,
  };
  const client = s3Client({
    ...line,
    clock: systemClock,
    random: Math.random,
    retry: RETRY_POLICY,
    throttle: createThrottle({ start: 4, most: 4 }),
  });
  const another = (changes: Partial<S3StoreOptions> = {}): S3Store =>
    s3Store({
      ...line,
      prefix: "p",
      probeKey: ".state/probe/",
      conditions: conditionsOf(simulator.profile, isVersioned),
      spoolDirectory: temporaryDirectory(),
      ...ofStore,
      ...changes,
    });
  return { store: another(), client, server, simulator, another };
}
