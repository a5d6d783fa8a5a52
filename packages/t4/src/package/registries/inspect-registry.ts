import { T4Error } from "../../base/errors.js";
import { parsePhysicalKey } from "../../format/physical-key.js";
import { POINTERS } from "../../format/registry-layout.js";
import type { RegistryCheck } from "../places/registry-check.js";
import { openLocation } from "./registry-location.js";

/** What was found out of a registry's place. */
export interface RegistryInspection {
  /** The registry's URL, as it was named. */
  readonly url: string;
  /** One for each side that was looked at. */
  readonly checks: readonly RegistryCheck[];
}

/**
 * Finds out what the place of a registry can do for whoever asks: read, write, publish safely, keep old versions. Writes a few
 * small things of its own and removes them; of a bucket that is some 50 requests, among them a race of conditional writes.
 * What it finds counts for later pushes.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is no such bucket, `ERR_T4_ACCESS` when it may not even be listed.
 *
 * @example
 * ```ts
 * import { inspectRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry");
 * for (const { subject, state, message } of (await inspectRegistry("./registry")).checks) {
 *   console.log(state, subject, message);
 * }
 * ```
 */
export async function inspectRegistry(location?: string): Promise<RegistryInspection> {
  const { url, place } = await openLocation(location);
  return { url, checks: await place.inspect() };
}

/** A bucket policy, as S3 takes it. */
export interface BucketPolicy {
  /** Of the language of policies. */
  readonly Version: "2012-10-17";
  /** To be added to those of the bucket. */
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The bucket policy that makes clients without conditional writes (Quilt 3, T4 of 2019) fail when they publish in a registry,
 * instead of overtaking others. It is for the bucket's owner to add to the policy that is there; nothing is asked or changed.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for a registry that is in no bucket.
 *
 * @example
 * ```ts
 * import { registryPolicy } from "t4";
 * console.log(JSON.stringify(await registryPolicy("s3://lab-data")));
 * ```
 */
export async function registryPolicy(location?: string): Promise<BucketPolicy> {
  const { url } = await openLocation(location);
  const place = url.startsWith("s3:") ? parsePhysicalKey(url) : undefined;
  if (place?.kind !== "s3") {
    throw new T4Error("ERR_T4_UNSUPPORTED", `${url} is in no bucket: it has no bucket policy.`, {
      hint: "In a folder, the permissions of its files say who may publish.",
      facts: { registry: url },
    });
  }
  const root = place.key === "" ? "" : `${place.key}/`;
  const statement = {
    Sid: "PublishOnConditionOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${place.bucket}/${root}${POINTERS}*`,
    // Parts of an upload cannot have conditions: only what makes an object must.
    Condition: {
      Null: { "s3:if-match": "true", "s3:if-none-match": "true" },
      Bool: { "s3:ObjectCreationOperation": "true" },
    },
  };
  return { Version: "2012-10-17", Statement: [statement] };
}
