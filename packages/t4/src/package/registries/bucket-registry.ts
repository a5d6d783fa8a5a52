import { systemClock } from "../../base/clock.js";
import { T4Error } from "../../base/errors.js";
import { formatPhysicalKey, parsePhysicalKey } from "../../format/physical-key.js";
import { packageRegistry } from "../../registry/registry.js";
import { bucketPlace } from "../places/bucket-place.js";
import { openOwnBucket } from "../sources/open-bucket.js";
import { userIndexCache } from "./index-cache.js";
import type { OpenRegistry } from "./opened-registry.js";

/**
 * Opens a registry in a bucket, with the user's AWS settings.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a URL that names no place in a bucket.
 */
export async function openBucketRegistry(url: string): Promise<OpenRegistry> {
  const place = parsePhysicalKey(url);
  if (place.kind !== "s3") throw new Error(`${url} is no bucket.`);
  const { bucket } = place;
  const prefix = place.key.replace(/\/+$/, "");
  if (place.versionId !== undefined || (prefix !== "" && !isPlain(prefix))) throw badPlace(url);
  const { store, endpoint } = await openOwnBucket(bucket, { prefix });
  const address = formatPhysicalKey({ kind: "s3", bucket, key: prefix }).replace(/\/$/, "");
  const named = { ...store, url: address };
  // Slots and grace periods go by the server's clock.
  const clock = { ...systemClock, now: () => Math.floor(store.now()) };
  const identity =
    endpoint === undefined ? address : `${endpoint.replace(/\/+$/, "")}/${address.slice("s3://".length)}`;
  const registry = packageRegistry(named, { clock, indexes: userIndexCache() });
  return { ...registry, identity, place: bucketPlace(store, { identity }) };
}

function isPlain(prefix: string): boolean {
  return prefix.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function badPlace(url: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `Cannot open the registry ${url.split("?")[0]}: expected s3://bucket[/prefix].`, {
    hint: "A prefix has no empty, '.' or '..' parts, and no version.",
  });
}
