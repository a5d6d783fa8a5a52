import { join } from "node:path";
import { ENGINE_ACCOUNT, type Engine, engines } from "testkit/engines.js";
import { isCampaign } from "testkit/runs.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { makeBucket } from "../engines/make-bucket.js";
import type { ClientName } from "./client.js";
import { manifestIn } from "./registry.js";

/** Where the registries of a test are: folders, or buckets of a real engine. */
export interface Place {
  readonly title: string;
  readonly isFolder: boolean;
  /** Whether packages of thousands of files are tried there, too: in one kind of bucket of each engine, in a campaign. */
  readonly holdsMany: boolean;
  /** Who can bring files there, and who can copy what lies in other registries. */
  readonly takesFilesOf: readonly ClientName[];
  readonly takesCopiesOf: readonly ClientName[];
  /** What leads the clients and us there. */
  readonly env: Readonly<Record<string, string>>;
  /** A new registry, in which they publish; its path below `root`, or its URL. */
  theirs(root: string, name: string): Promise<string>;
  /** One in which we publish, too. */
  ours(root: string, name: string): Promise<string>;
  /** A revision's manifest as it lies there. */
  manifestIn(registry: string, topHash: string): Promise<string>;
}

const FOLDER: Place = {
  title: "folders",
  isFolder: true,
  holdsMany: true,
  takesFilesOf: ["quilt3", "t4-2019"],
  takesCopiesOf: ["quilt3", "t4-2019"],
  env: {},
  theirs: async (root, name) => join(root, name),
  ours: async (root, name) => join(root, name),
  manifestIn: async (registry, topHash) => manifestIn(registry, topHash),
};

/** Buckets in which they publish have versions or not; Ceph keeps the conditions that we need in those without. */
function buckets(engine: Engine, { isVersioned }: { readonly isVersioned: boolean }): Place {
  const newBucket = async (hasVersions: boolean): Promise<string> =>
    `s3://${(await makeBucket(engine, { isVersioned: hasVersions })).bucket}`;
  return {
    title: `buckets of ${engine.name}, versioned: ${isVersioned}`,
    isFolder: false,
    holdsMany: isCampaign && isVersioned === (engine.name === "minio"),
    // Quilt 3 wants to be told the SHA-256 of what it uploads, which Ceph 16 does not do, and copies, which neither does.
    takesFilesOf: engine.name === "ceph" ? ["t4-2019"] : ["quilt3", "t4-2019"],
    takesCopiesOf: ["t4-2019"],
    env: {
      AWS_ENDPOINT_URL_S3: engine.url,
      AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      // Ceph 16 takes no checksums behind a body, which newer Python clients send by default.
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    },
    theirs: () => newBucket(isVersioned),
    ours: () => newBucket(isVersioned && engine.name !== "ceph"),
    manifestIn: (registry, topHash) =>
      readObject(engine, { bucket: new URL(registry).host, key: `.quilt/packages/${topHash}` }),
  };
}

async function readObject({ url }: Engine, place: { readonly bucket: string; readonly key: string }): Promise<string> {
  const exchange = httpExchange(url);
  const client = createClient({ host: new URL(url).host, exchange, account: ENGINE_ACCOUNT });
  const { status, body } = await client.send({ method: "GET", ...place });
  exchange.close();
  if (status !== 200) throw new Error(`${place.bucket}/${place.key}: expected status 200, got ${status}.`);
  return Buffer.from(body).toString();
}

/** All of them; those of the engines that `.ci/interop.sh` starts. */
export const PLACES: readonly Place[] = [
  FOLDER,
  ...engines("ceph", "minio").flatMap((engine) => [true, false].map((isVersioned) => buckets(engine, { isVersioned }))),
];

/** Those where they and we publish in the same registries. */
export const SHARED_PLACES: readonly Place[] = PLACES.filter(
  ({ title }) => title !== "buckets of ceph, versioned: true",
);
