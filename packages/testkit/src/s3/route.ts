import type { HttpRequest } from "./message.js";
import { S3Error } from "./s3-error.js";
import { queryPairs } from "./signature.js";

/** The operations that the simulator knows, by their names in the S3 API. */
export type Operation =
  | "AbortMultipartUpload"
  | "CompleteMultipartUpload"
  | "CopyObject"
  | "CreateBucket"
  | "CreateMultipartUpload"
  | "DeleteBucket"
  | "DeleteObject"
  | "DeleteObjects"
  | "GetBucketLocation"
  | "GetBucketVersioning"
  | "GetObject"
  | "GetObjectAttributes"
  | "HeadBucket"
  | "HeadObject"
  | "ListBuckets"
  | "ListMultipartUploads"
  | "ListObjectVersions"
  | "ListObjectsV2"
  | "ListParts"
  | "PutBucketPolicy"
  | "PutBucketVersioning"
  | "PutObject"
  | "UploadPart"
  | "UploadPartCopy";

/** Where a request goes. */
export interface Route {
  readonly operation: Operation;
  /** Empty for ListBuckets. */
  readonly bucket: string;
  /** Empty for operations on buckets. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

const BUCKET_METHODS = new Map<string, Operation>([
  ["HEAD", "HeadBucket"],
  ["DELETE", "DeleteBucket"],
]);
const UPLOAD_METHODS = new Map<string, Operation>([
  ["GET", "ListParts"],
  ["POST", "CompleteMultipartUpload"],
  ["DELETE", "AbortMultipartUpload"],
]);
const OBJECT_METHODS = new Map<string, Operation>([
  ["GET", "GetObject"],
  ["HEAD", "HeadObject"],
  ["DELETE", "DeleteObject"],
]);
const AMAZON = /^(?:(?<bucket>.+)\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;
const LOCAL = /^(?<bucket>.+)\.(?:localhost|127\.0\.0\.1)$/;

/** Finds bucket, key and operation; buckets stand in the path or before the host's name. */
export function routeOf(request: HttpRequest): Route {
  const { bucket, key } = placeOf(request);
  const query = new Map(queryPairs(request.url));
  const isAbsent = ABSENT.some((name) => query.has(name));
  const find = key !== "" ? objectOperation : bucket !== "" ? bucketOperation : serviceOperation;
  const operation = isAbsent ? undefined : find(request, query);
  if (operation === undefined) {
    throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented");
  }
  return { operation, bucket, key, query };
}

function placeOf({ url, headers }: HttpRequest): Pick<Route, "bucket" | "key"> {
  const host = (headers["host"] ?? "").replace(/:\d+$/, "");
  const hosted = (AMAZON.exec(host) ?? LOCAL.exec(host))?.groups?.["bucket"];
  const path = decodeURIComponent(url.split("?", 1)[0] ?? "").slice(1);
  if (hosted !== undefined) return { bucket: hosted, key: path };
  const slash = path.indexOf("/");
  return slash < 0 ? { bucket: path, key: "" } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

type Find = (request: HttpRequest, query: ReadonlyMap<string, string>) => Operation | undefined;

const serviceOperation: Find = ({ method }) => (method === "GET" ? "ListBuckets" : undefined);

/** Parts of a bucket or an object that the simulator does not have: a request for one must not be taken for another. */
const ABSENT = [
  "accelerate",
  "acl",
  "cors",
  "encryption",
  "lifecycle",
  "object-lock",
  "ownershipControls",
  "policyStatus",
  "publicAccessBlock",
  "retention",
  "tagging",
  "torrent",
  "website",
];

const bucketOperation: Find = ({ method }, query) => {
  if (method === "GET") {
    if (query.has("location")) return "GetBucketLocation";
    if (query.has("versioning")) return "GetBucketVersioning";
    if (query.has("uploads")) return "ListMultipartUploads";
    if (query.has("versions")) return "ListObjectVersions";
    return query.get("list-type") === "2" ? "ListObjectsV2" : undefined;
  }
  if (method === "PUT") {
    if (query.has("versioning")) return "PutBucketVersioning";
    return query.has("policy") ? "PutBucketPolicy" : "CreateBucket";
  }
  if (method === "POST") return query.has("delete") ? "DeleteObjects" : undefined;
  return BUCKET_METHODS.get(method);
};

const objectOperation: Find = ({ method, headers }, query) => {
  const isCopy = headers["x-amz-copy-source"] !== undefined;
  if (query.has("uploadId")) {
    if (method === "PUT") return isCopy ? "UploadPartCopy" : "UploadPart";
    return UPLOAD_METHODS.get(method);
  }
  if (method === "PUT") return isCopy ? "CopyObject" : "PutObject";
  if (method === "POST") return query.has("uploads") ? "CreateMultipartUpload" : undefined;
  if (query.has("attributes")) return method === "GET" ? "GetObjectAttributes" : undefined;
  return OBJECT_METHODS.get(method);
};
