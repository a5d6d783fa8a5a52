/** Where an engine is known to differ from Amazon S3: one flag each, with what it means and where that is known from. */
export const DEVIATIONS = {
  "create-ignored": {
    says: "If-None-Match: * on a PUT is ignored",
    source: "measured: s3rver 3.7.1, fauxqs 1.9.2",
  },
  "create-ignored-when-versioned": {
    says: "in a versioned bucket If-None-Match: * on a PUT is ignored",
    source: "measured: Ceph 16.2.15 and 18.2.7, 16 winners of 16",
  },
  "create-after-delete-refused": {
    says: "If-None-Match: * on a PUT answers 412 when the present version is a delete marker",
    source: "measured: versitygw 1.8.0",
  },
  "match-ignored": {
    says: "If-Match on a PUT is ignored",
    source: "measured: s3rver 3.7.1, fauxqs 1.9.2",
  },
  "match-quoted-refused": {
    says: "If-Match on a PUT compares the ETag without its quotes only; the quoted form answers 412",
    source: "measured: Ceph 16.2.15 and 18.2.7, unversioned bucket",
  },
  "match-refused-when-versioned": {
    says: "in a versioned bucket If-Match on a PUT always answers 412",
    source: "measured: Ceph 16.2.15 and 18.2.7",
  },
  "match-missing-is-412": {
    says: "If-Match on a PUT where nothing is answers 412 instead of 404",
    source: "measured: Ceph 16.2.15 and 18.2.7",
  },
  "races-lost-when-versioned": {
    says: "in a versioned bucket conditions on a PUT are checked, but not in one step with the write: racers all win",
    source: "measured: Ceph 20.2.4, 16 winners of 16 with If-None-Match: *, 8 with If-Match",
  },
  "races-lost-at-times": {
    says: "conditions on a PUT are not checked in one step with the write: under load two racers win now and then",
    source: "measured: moto 5.2.5, 2 winners of 16 in one of 40 races on a busy machine",
  },
  "complete-conditions-ignored": {
    says: "conditions on CompleteMultipartUpload are ignored",
    source: "measured: Ceph 16.2.15 and 18.2.7",
  },
  "copy-conditions-ignored": {
    says: "conditions of CopyObject on the object that it writes are ignored",
    source: "measured: Ceph 16.2.15, 18.2.7 and 20.2.4, MinIO of February 2026, versitygw 1.8.0, moto 5.2.5",
  },
  "copy-source-conditions-ignored": {
    says: "x-amz-copy-source-if-… is ignored",
    source: "measured: Ceph 16.2.15, moto 5.2.5",
  },
  "delete-conditions-ignored": {
    says: "If-Match on a DELETE is ignored",
    source: "measured: Ceph 16.2.15 and 18.2.7, MinIO of February 2026",
  },
  "checksums-unchecked": {
    says: "x-amz-checksum-… is taken without being compared with the body",
    source: "measured: Ceph 16.2.15, 18.2.7 and 20.2.4, moto 5.2.5",
  },
  "checksums-dropped": {
    says: "x-amz-checksum-… is neither kept nor given back",
    source: "measured: Ceph 16.2.15, 18.2.7 and 20.2.4; moto 5.2.5 unless x-amz-sdk-checksum-algorithm comes with it",
  },
  "copy-checksums-untold": {
    says: "the answer to CopyObject does not name the checksum of the copy that was asked for",
    source: "measured: Ceph 16.2.15, MinIO of February 2026, which keeps it",
  },
  "part-copy-checksums-untold": {
    says: "the answer to UploadPartCopy does not name the checksum of the part",
    source: "measured: Ceph 16.2.15, moto 5.2.5",
  },
  "part-copy-checksums-refused": {
    says: "UploadPartCopy into an upload that has checksums answers 400",
    source: "measured: MinIO of February 2026",
  },
  "part-copy-checksums-of-source": {
    says: "UploadPartCopy names the checksum of the whole source, where that has one, as that of the part",
    source: "measured: versitygw 1.8.0",
  },
  "part-sizes-untold": {
    says: "GetObjectAttributes does not tell the parts of an object",
    source: "measured: versitygw 1.8.0, moto 5.2.5; Ceph 16.2.15 has no such operation",
  },
  "no-default-checksum": {
    says: "an object that was written without a checksum gets none (Amazon S3 computes CRC64NVME)",
    source: "measured: Ceph 16.2.15, 18.2.7 and 20.2.4, MinIO of February 2026, moto 5.2.5",
  },
  "md5-unchecked": {
    says: "Content-MD5 is not compared with the body",
    source: "measured: moto 5.2.5",
  },
  "complete-etag-empty": {
    says: "the answer to CompleteMultipartUpload names no ETag",
    source: "measured: Ceph 16.2.15",
  },
  "folders-hide-keys": {
    says: "a key cannot be the folder of another key",
    source: "measured: versitygw 1.8.0, MinIO of February 2026",
  },
  "path-keys-refused": {
    says: "keys with an empty component, or the components . and .., are refused or folded",
    source: "measured: MinIO of February 2026, versitygw 1.8.0",
  },
  "trailing-slash-refused": {
    says: "a key that ends in a slash cannot have bytes",
    source: "measured: versitygw 1.8.0",
  },
  "long-names-refused": {
    says: "a component of a key cannot be longer than 255 bytes",
    source: "measured: MinIO of February 2026, versitygw 1.8.0",
  },
  "listings-unencoded": {
    says: "encoding-type=url is ignored: keys come as they are",
    source: "measured: versitygw 1.8.0",
  },
  "no-versioning": {
    says: "versioning cannot be switched on, and no answer has a version id",
    source: "the S3 API of many appliances; measured: s3rver 3.7.1",
  },
  "suspended-forgets": {
    says: "a PUT into a bucket whose versioning is suspended removes the versions that were there",
    source: "measured: moto 5.2.5",
  },
  "cut-put-stored": {
    says: "a PUT whose client vanishes midway is stored with the bytes that came",
    source: "measured: versitygw 1.8.0",
  },
  "signatures-unchecked": {
    says: "signatures are not checked",
    source: "measured: moto 5.2.5",
  },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly source: string }>>;

/** Name of a known deviation. */
export type Deviation = keyof typeof DEVIATIONS;
