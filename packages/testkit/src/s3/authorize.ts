import { bucketOf, type Call } from "./call.js";
import { HANDLERS } from "./handlers.js";
import { copySourceOf } from "./operations/copy-object.js";
import { isAllowed } from "./policy.js";
import type { Operation } from "./route.js";
import { S3Error } from "./s3-error.js";

/** One thing that must be allowed. */
interface Need {
  readonly action: string;
  readonly bucket: string;
  readonly key: string;
}

/** The operations that `s3:ObjectCreationOperation` means. */
const CREATIONS: ReadonlySet<string> = new Set<Operation>(["CompleteMultipartUpload", "CopyObject", "PutObject"]);

const denied = (): S3Error => new S3Error("AccessDenied", "Access Denied");

/**
 * Asks the buckets' owners and policies whether the sender may do this.
 *
 * @throws {@link S3Error} `AccessDenied`; also for a key that is not there, when the sender may not list the bucket.
 */
export function authorize(call: Call): void {
  if (["ListBuckets", "CreateBucket"].includes(call.operation)) return;
  for (const need of needsOf(call)) if (!may(call, need)) throw denied();
  const isRead = call.operation === "GetObject" || call.operation === "HeadObject";
  if (!isRead || call.query.has("versionId") || bucketOf(call).objects.present(call.key) !== undefined) return;
  if (!may(call, { action: "s3:ListBucket", bucket: call.bucket, key: "" })) throw denied();
}

function needsOf(call: Call): readonly Need[] {
  const { bucket, key, operation } = call;
  const ofVersion = call.query.has("versionId") ? "Version" : "";
  const own: Need = { action: HANDLERS[operation].action + ofVersion, bucket, key };
  if (operation !== "CopyObject" && operation !== "UploadPartCopy") return [own];
  const source = copySourceOf(call.headers["x-amz-copy-source"] ?? "");
  const reading = source.versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  return [own, { action: reading, bucket: source.bucket, key: source.key }];
}

function may(call: Call, need: Need): boolean {
  const { owner, policy } = bucketOf({ service: call.service, bucket: need.bucket });
  const { account, headers, operation } = call;
  return isAllowed({ ...need, accountId: account?.id, headers, isCreation: CREATIONS.has(operation) }, owner, policy);
}
