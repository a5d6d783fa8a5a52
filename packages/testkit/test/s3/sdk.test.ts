import { Readable } from "node:stream";
import * as S3 from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { describe, expect, it } from "vitest";
import { loopback } from "./loopback.js";

/** Amazon's own client, as it comes: it signs, streams with trailing checksums and reads documents in its own way. */
function sdk(endpoint: string): S3.S3Client {
  return new S3.S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: TEST_ACCOUNT,
  });
}

describe("Amazon's client and the simulator", () => {
  it("agree on objects, checksums, versions and listings", async () => {
    const { server } = await loopback();
    const s3 = sdk(server.url);
    const Bucket = "b";
    const keys = ["sp ace +plus", "per%cent%20", "üñí/日本語/😀", "a&b<c>\"d'", "~!*()'", "q?#[]^`|;:=,@$"];
    for (const Key of keys) await s3.send(new S3.PutObjectCommand({ Bucket, Key, Body: Key, Metadata: { note: "n" } }));
    const listed = await s3.send(new S3.ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
    const got = await s3.send(new S3.GetObjectCommand({ Bucket, Key: keys[2] }));
    expect([await got.Body?.transformToString(), got.Metadata]).toEqual([keys[2], { note: "n" }]);
    const body = Buffer.alloc(200_000, "t4");
    const streamed = await s3.send(
      new S3.PutObjectCommand({
        Bucket,
        Key: "s",
        Body: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]),
        ContentLength: body.length,
      }),
    );
    expect(streamed.ChecksumCRC32).toBeDefined();
    const back = await s3.send(new S3.GetObjectCommand({ Bucket, Key: "s", VersionId: streamed.VersionId }));
    expect(Buffer.from((await back.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    for (const ChecksumAlgorithm of ["SHA256", "SHA1", "CRC32C"] as const) {
      await s3.send(new S3.PutObjectCommand({ Bucket, Key: ChecksumAlgorithm, Body: body, ChecksumAlgorithm }));
    }
    const wrong = new S3.PutObjectCommand({
      Bucket,
      Key: "w",
      Body: body,
      ChecksumSHA256: Buffer.alloc(32).toString("base64"),
    });
    await expect(s3.send(wrong)).rejects.toMatchObject({ name: "BadDigest" });
    const Objects = keys.map((Key) => ({ Key }));
    const deleted = await s3.send(new S3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(deleted.Deleted?.every(({ DeleteMarker }) => DeleteMarker === true)).toBe(true);
    s3.destroy();
  });

  it("agree on multipart uploads and presigned URLs", async () => {
    const { server } = await loopback({ limits: { minPartBytes: 10 } });
    const s3 = sdk(server.url);
    const place = { Bucket: "b", Key: "m" };
    const { UploadId } = await s3.send(new S3.CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: "SHA256" }));
    const Parts: S3.CompletedPart[] = [];
    for (const PartNumber of [1, 2]) {
      const part = {
        ...place,
        UploadId,
        PartNumber,
        Body: `part ${PartNumber} of two`,
        ChecksumAlgorithm: "SHA256",
      } as const;
      const { ETag, ChecksumSHA256 } = await s3.send(new S3.UploadPartCommand(part));
      Parts.push({ ETag, ChecksumSHA256, PartNumber });
    }
    const done = await s3.send(
      new S3.CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }),
    );
    expect(done).toMatchObject({ ChecksumSHA256: expect.stringMatching(/-2$/), ETag: expect.stringMatching(/-2"$/) });
    const url = await getSignedUrl(s3, new S3.GetObjectCommand(place), { expiresIn: 60 });
    expect(await (await fetch(url)).text()).toBe("part 1 of twopart 2 of two");
    expect((await fetch(url.replace("/b/m", "/b/other"))).status).toBe(403);
    s3.destroy();
  });
});
