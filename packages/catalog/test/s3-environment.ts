import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import type { Account } from "testkit/s3/account.js";

/** A service that has buckets, and who may read them. */
export interface BucketService {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly account: Pick<Account, "accessKeyId" | "secretAccessKey">;
}

/** Leads this process to a service, with nothing of this user's own settings; what it gives back leads away again. */
export function enterService(home: string, { url, account }: BucketService): () => void {
  return enterEnvironment({
    HOME: join(home, "user"),
    AWS_ENDPOINT_URL_S3: url,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PROFILE: undefined,
  });
}
