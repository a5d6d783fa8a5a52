import { type Bucket, ObjectTable } from "../bucket.js";
import { answer, type BucketOptions, bucketOf, type Call, document, type Service } from "../call.js";
import type { HttpResponse } from "../message.js";
import { parsePolicy } from "../policy.js";
import { S3Error } from "../s3-error.js";
import { childText, readXml } from "../xml.js";

/** Makes an empty bucket. */
export function newBucket(service: Service, name: string, options: BucketOptions & { readonly owner: string }): Bucket {
  const bucket: Bucket = {
    name,
    owner: options.owner,
    region: options.region ?? service.region,
    createdMs: service.now(),
    versioning: options.versioning,
    policy: options.policy,
    uploads: new Map(),
    objects: new ObjectTable(),
  };
  service.buckets.set(name, bucket);
  return bucket;
}

/** CreateBucket. */
export function createBucket(call: Call): HttpResponse {
  const { service, bucket: name, account } = call;
  if (account === undefined) throw new S3Error("AccessDenied", "Access Denied");
  if (service.buckets.has(name)) {
    throw new S3Error(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
    );
  }
  newBucket(service, name, { owner: account.id });
  return answer(200, { location: `/${name}` });
}

/** DeleteBucket. */
export function deleteBucket(call: Call): HttpResponse {
  const bucket = bucketOf(call);
  if (bucket.objects.keys().length > 0)
    throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty");
  call.service.buckets.delete(bucket.name);
  return answer(204);
}

/** HeadBucket. */
export function headBucket(call: Call): HttpResponse {
  return answer(200, { "x-amz-bucket-region": bucketOf(call).region, "content-type": "application/xml" });
}

/** ListBuckets: those of the account. */
export function listBuckets({ service, account }: Call): HttpResponse {
  if (account === undefined) throw new S3Error("AccessDenied", "Access Denied");
  const own = [...service.buckets.values()].filter(({ owner }) => owner === account.id);
  const Bucket = own.map(({ name, createdMs }) => ({ Name: name, CreationDate: new Date(createdMs).toISOString() }));
  return document("ListAllMyBucketsResult", { Owner: { ID: account.id }, Buckets: { Bucket } });
}

/** GetBucketLocation: nothing stands for us-east-1. */
export function getBucketLocation(call: Call): HttpResponse {
  const { region } = bucketOf(call);
  const text = region === "us-east-1" ? "" : region;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${text}</LocationConstraint>`;
  return answer(200, { "content-type": "application/xml" }, new TextEncoder().encode(body));
}

/** GetBucketVersioning: no element for a bucket that never had versions. */
export function getBucketVersioning(call: Call): HttpResponse {
  return document("VersioningConfiguration", { Status: bucketOf(call).versioning });
}

/** PutBucketVersioning. */
export function putBucketVersioning(call: Call): HttpResponse {
  const bucket = bucketOf(call);
  const status = childText(readXml(call.body, "VersioningConfiguration"), "Status");
  if (call.service.has("no-versioning")) {
    throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented");
  }
  if (status !== "Enabled" && status !== "Suspended") {
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  bucket.versioning = status;
  return answer(200);
}

/** PutBucketPolicy. */
export function putBucketPolicy(call: Call): HttpResponse {
  bucketOf(call).policy = parsePolicy(call.body);
  return answer(204);
}
