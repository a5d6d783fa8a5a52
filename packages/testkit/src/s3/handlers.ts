import type { Call } from "./call.js";
import type { HttpResponse } from "./message.js";
import * as buckets from "./operations/buckets.js";
import { completeMultipartUpload } from "./operations/complete-multipart.js";
import { copyObject } from "./operations/copy-object.js";
import { deleteObject, deleteObjects } from "./operations/delete-object.js";
import { getObjectAttributes } from "./operations/get-attributes.js";
import { getObject } from "./operations/get-object.js";
import { listObjects } from "./operations/list-objects.js";
import { listMultipartUploads, listParts } from "./operations/list-uploads.js";
import { listObjectVersions } from "./operations/list-versions.js";
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from "./operations/multipart.js";
import { putObject } from "./operations/put-object.js";
import type { Operation } from "./route.js";

/** What does each operation, and the action of policies that allows it. */
export const HANDLERS: Readonly<
  Record<Operation, { readonly run: (call: Call) => HttpResponse; readonly action: string }>
> = {
  AbortMultipartUpload: { run: abortMultipartUpload, action: "s3:AbortMultipartUpload" },
  CompleteMultipartUpload: { run: completeMultipartUpload, action: "s3:PutObject" },
  CopyObject: { run: copyObject, action: "s3:PutObject" },
  CreateBucket: { run: buckets.createBucket, action: "s3:CreateBucket" },
  CreateMultipartUpload: { run: createMultipartUpload, action: "s3:PutObject" },
  DeleteBucket: { run: buckets.deleteBucket, action: "s3:DeleteBucket" },
  DeleteObject: { run: deleteObject, action: "s3:DeleteObject" },
  DeleteObjects: { run: deleteObjects, action: "s3:DeleteObject" },
  GetBucketLocation: { run: buckets.getBucketLocation, action: "s3:GetBucketLocation" },
  GetBucketVersioning: { run: buckets.getBucketVersioning, action: "s3:GetBucketVersioning" },
  GetObject: { run: getObject, action: "s3:GetObject" },
  GetObjectAttributes: { run: getObjectAttributes, action: "s3:GetObject" },
  HeadBucket: { run: buckets.headBucket, action: "s3:ListBucket" },
  HeadObject: { run: getObject, action: "s3:GetObject" },
  ListBuckets: { run: buckets.listBuckets, action: "s3:ListAllMyBuckets" },
  ListMultipartUploads: { run: listMultipartUploads, action: "s3:ListBucketMultipartUploads" },
  ListObjectVersions: { run: listObjectVersions, action: "s3:ListBucketVersions" },
  ListObjectsV2: { run: listObjects, action: "s3:ListBucket" },
  ListParts: { run: listParts, action: "s3:ListMultipartUploadParts" },
  PutBucketPolicy: { run: buckets.putBucketPolicy, action: "s3:PutBucketPolicy" },
  PutBucketVersioning: { run: buckets.putBucketVersioning, action: "s3:PutBucketVersioning" },
  PutObject: { run: putObject, action: "s3:PutObject" },
  UploadPart: { run: uploadPart, action: "s3:PutObject" },
  UploadPartCopy: { run: uploadPartCopy, action: "s3:PutObject" },
};
