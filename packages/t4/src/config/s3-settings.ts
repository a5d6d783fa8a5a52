import { type AwsSettings, readAwsSettings } from "./aws-settings.js";
import { readBucketSettings } from "./bucket-settings.js";

/** Where a bucket is and who asks for it. */
export interface S3Settings extends AwsSettings {
  /** The profile of `~/.aws` whose credentials are used; `undefined`: those that AWS's tools would find. */
  readonly profile: string | undefined;
  /** Requests are not signed. */
  readonly isAnonymous: boolean;
  /** Whether pushes may be made where they cannot exclude each other, and are told when they met. */
  readonly areCollisionsReported: boolean;
}

/**
 * The settings of one bucket: what T4's `config.yml` says under `buckets`, then what AWS's own tools would use. A bucket
 * with an endpoint of its own takes nothing of another one's.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for settings that cannot be read, `ERR_T4_USAGE` for a profile that is not there.
 */
export async function readS3Settings(bucket: string): Promise<S3Settings> {
  const own = await readBucketSettings(bucket);
  const aws = await readAwsSettings(own.profile);
  const isElsewhere = own.endpoint !== undefined;
  return {
    endpoint: own.endpoint ?? aws.endpoint,
    region: own.region ?? (isElsewhere ? undefined : aws.region),
    addressing: own.addressing ?? (isElsewhere ? undefined : aws.addressing),
    ca: aws.ca,
    profile: own.profile,
    isAnonymous: own.isAnonymous,
    areCollisionsReported: own.areCollisionsReported,
  };
}
