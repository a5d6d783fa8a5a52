import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { awsCredentials } from "../../config/aws-credentials.js";
import { readS3Settings, type S3Settings } from "../../config/s3-settings.js";
import { STATE } from "../../format/registry-layout.js";
import { type NodeTransport, nodeTransport } from "../../store/s3/node-transport.js";
import { type S3Store, s3Store } from "../../store/s3/s3-store.js";
import { userTrials } from "./trial-cache.js";

/** How a bucket is opened. */
export interface OpenBucketOptions {
  /** The folder in it, without slashes at its ends. Default: all of it. */
  readonly prefix?: string;
  /** Whether it may see the user's credentials. */
  readonly isTrusted: boolean;
}

/** Connections, credentials and what was learned of a server serve the whole process. */
const transports = new Map<string, NodeTransport>();
const stores = new Map<string, S3Store>();

/**
 * Opens a bucket with the settings that the user has for it. Costs the reading of these settings; nothing is asked yet.
 */
export async function openBucket(bucket: string, options: OpenBucketOptions): Promise<S3Store> {
  const settings = await readS3Settings(bucket);
  return storeOf(bucket, settings, options);
}

/** Opens a bucket, and tells where its server is. */
export async function openOwnBucket(
  bucket: string,
  options: { readonly prefix: string },
): Promise<{ readonly store: S3Store; readonly endpoint: string | undefined }> {
  const settings = await readS3Settings(bucket);
  return { store: storeOf(bucket, settings, { ...options, isTrusted: true }), endpoint: settings.endpoint };
}

/**
 * Tells of other buckets whether they are on the server of one, for the same credentials: then that server can copy from them.
 */
export function sharing(bucket: string): (other: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  const find = async (other: string): Promise<boolean> => {
    const [own, its] = await Promise.all([readS3Settings(bucket), readS3Settings(other)]);
    return own.endpoint === its.endpoint && own.profile === its.profile && !own.isAnonymous && !its.isAnonymous;
  };
  return (other) => {
    let answer = known.get(other);
    if (answer === undefined) {
      answer = other === bucket ? Promise.resolve(true) : find(other);
      known.set(other, answer);
    }
    return answer;
  };
}

function storeOf(bucket: string, settings: S3Settings, { prefix = "", isTrusted }: OpenBucketOptions): S3Store {
  const isSigned = isTrusted && !settings.isAnonymous;
  const key = JSON.stringify([bucket, prefix, isSigned, settings]);
  let store = stores.get(key);
  if (store === undefined) {
    const { endpoint, region, addressing, profile, ca, areCollisionsReported } = settings;
    store = s3Store({
      location: { bucket, ...(endpoint && { endpoint }), ...(region && { region }), ...(addressing && { addressing }) },
      prefix,
      credentials: isSigned ? awsCredentials({ profile, region }) : async () => undefined,
      transport: transportWith(ca),
      probeKey: `${STATE}probe/`,
      collisions: areCollisionsReported ? "reported" : "refused",
      trials: userTrials([endpoint ?? "", bucket, prefix]),
      spoolDirectory: tmpdir(),
    });
    stores.set(key, store);
  }
  return store;
}

function transportWith(ca: string | undefined): NodeTransport {
  const key = ca === undefined ? "" : createHash("sha256").update(ca).digest("hex");
  let transport = transports.get(key);
  if (transport === undefined) {
    transport = nodeTransport(ca === undefined ? {} : { ca });
    transports.set(key, transport);
  }
  return transport;
}
