import type { Account } from "./account.js";
import type { Bucket } from "./bucket.js";
import type { Deviation } from "./deviations.js";
import { EMPTY, type Headers, type HttpResponse } from "./message.js";
import type { Policy } from "./policy.js";
import type { Route } from "./route.js";
import { S3Error } from "./s3-error.js";
import { writeXml, type XmlContent } from "./xml.js";

/** Sizes at which S3 says no. */
export interface Limits {
  /** All parts but the last, bytes; 5 MiB. */
  readonly minPartBytes: number;
  /** Parts of an upload; 10,000. */
  readonly maxParts: number;
  /** Bytes of one PUT or CopyObject; 5 GiB. */
  readonly maxPutBytes: number;
  /** Items of one page of a listing; 1,000. */
  readonly maxKeys: number;
}

/** The simulated service: its state, its clock and its dice. */
export interface Service {
  readonly buckets: Map<string, Bucket>;
  readonly region: string;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A fresh id of that many letters and digits. */
  readonly newId: (length: number) => string;
  readonly has: (deviation: Deviation) => boolean;
}

/** One request on its way through an operation. */
export interface Call extends Route {
  readonly service: Service;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly account: Account | undefined;
  /** The conditions of the write were found to hold before, and are not looked at again (`races-lost-when-versioned`). */
  readonly isChecked: boolean;
}

/** Answers without a document. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string | undefined>> = {},
  body: Uint8Array = EMPTY,
): HttpResponse {
  const present = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { status, headers: Object.fromEntries(present), body };
}

/** Answers 200 with a document. */
export function document(
  root: string,
  content: { readonly [name: string]: XmlContent },
  headers: Readonly<Record<string, string | undefined>> = {},
): HttpResponse {
  return answer(200, { "content-type": "application/xml", ...headers }, writeXml(root, content));
}

/** Settings of a bucket that a test makes directly. */
export interface BucketOptions {
  readonly versioning?: "Enabled" | "Suspended";
  readonly region?: string;
  /** Account id. */
  readonly owner?: string;
  readonly policy?: Policy;
}

/**
 * The bucket that a call is about.
 *
 * @throws {@link S3Error} `NoSuchBucket`, or `PermanentRedirect` when it lies in another region.
 */
export function bucketOf({ service, bucket: name }: Pick<Call, "service" | "bucket">): Bucket {
  const bucket = service.buckets.get(name);
  if (bucket === undefined) {
    throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { elements: { BucketName: name } });
  }
  if (bucket.region !== service.region) {
    throw new S3Error(
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
      {
        elements: { Endpoint: `s3.${bucket.region}.amazonaws.com`, Bucket: name },
        headers: { "x-amz-bucket-region": bucket.region },
      },
    );
  }
  return bucket;
}

/** The upload that a call's `uploadId` names. */
export function uploadOf(call: Call): ReturnType<Bucket["uploads"]["get"]> & object {
  const upload = bucketOf(call).uploads.get(call.query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== call.key) {
    throw new S3Error(
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { elements: { UploadId: call.query.get("uploadId") ?? "" } },
    );
  }
  return upload;
}
