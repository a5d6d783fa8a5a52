import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { digest, digestBase64 } from "../s3/checksum.js";
import type { HttpResponse } from "../s3/message.js";
import { childText } from "../s3/xml.js";
import { codeOf, expectStatus, type Fact, put, rootOf, type Subject, textOf, textsOf } from "./fact.js";

const partsOf = ({ minPartBytes }: Subject): readonly Uint8Array[] => [
  Buffer.alloc(minPartBytes, "a"),
  Buffer.from("the last part may be small"),
];
type Headers = Readonly<Record<string, string>>;

/** One upload of a fact. */
interface Upload {
  readonly subject: Subject;
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

async function begin(subject: Subject, headers: Headers = {}): Promise<Upload> {
  const at = { bucket: subject.plainBucket, key: subject.freshKey() };
  const answer = await subject.client.send({ method: "POST", ...at, query: { uploads: "" }, headers });
  const uploadId = childText(rootOf(answer, "InitiateMultipartUploadResult"), "UploadId");
  assert(uploadId !== undefined && uploadId !== "");
  return { subject, ...at, uploadId };
}

/** Uploads one part and returns the answer as it is. */
async function send(
  { subject, bucket, key, uploadId }: Upload,
  number: number,
  headers: Headers = {},
): Promise<HttpResponse> {
  const query = { partNumber: String(number), uploadId };
  const body = partsOf(subject)[number - 1] as Uint8Array;
  return subject.client.send({ method: "PUT", bucket, key, query, body, headers });
}

const partXml = (number: number, etag: string, more = ""): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${more}</Part>`;

async function complete(
  { subject, bucket, key, uploadId }: Upload,
  listed: readonly string[],
  headers: Headers = {},
): Promise<HttpResponse> {
  const body = `<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`;
  return subject.client.send({ method: "POST", bucket, key, query: { uploadId }, body, headers });
}

async function sendAll(upload: Upload): Promise<string[]> {
  const listed: string[] = [];
  for (const number of [1, 2]) {
    listed.push(partXml(number, expectStatus(await send(upload, number), 200).headers["etag"] ?? ""));
  }
  return listed;
}

const md5 = (data: Uint8Array): Buffer => createHash("md5").update(data).digest();
const sha256 = (data: Uint8Array): string => digestBase64("sha256", data);

/** Copies a part of an object, and looks at the checksum that is told. */
async function checkPartCopy(subject: Subject, ofSource: Headers): Promise<void> {
  const source = { bucket: subject.plainBucket, key: subject.freshKey() };
  await put(subject, { ...source, headers: ofSource }, "0123456789");
  const upload = await begin(subject, { "x-amz-checksum-algorithm": "SHA256" });
  const headers = {
    "x-amz-copy-source": `/${source.bucket}/${source.key}`,
    "x-amz-copy-source-range": "bytes=2-5",
  };
  const { bucket, key, uploadId } = upload;
  const query = { partNumber: "1", uploadId };
  const root = rootOf(await subject.client.send({ method: "PUT", bucket, key, query, headers }), "CopyPartResult");
  const sum = sha256(Buffer.from("2345"));
  assert.equal(childText(root, "ChecksumSHA256"), sum);
  const part = partXml(1, childText(root, "ETag") ?? "", `<ChecksumSHA256>${sum}</ChecksumSHA256>`);
  rootOf(await complete(upload, [part]), "CompleteMultipartUploadResult");
}

/** Facts about uploads in parts. */
export const multipartFacts: readonly Fact[] = [
  {
    says: "parts become one object whose ETag is the MD5 of the parts' MD5s and their number",
    async check(subject) {
      const parts = partsOf(subject);
      const upload = await begin(subject, { "x-amz-meta-a": "1" });
      rootOf(await complete(upload, await sendAll(upload)), "CompleteMultipartUploadResult");
      const got = expectStatus(await subject.client.send({ method: "GET", ...upload }), 200);
      assert(Buffer.concat(parts).equals(got.body));
      assert.equal(got.headers["x-amz-meta-a"], "1");
      assert.equal(got.headers["etag"], `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-2"`);
    },
  },
  {
    says: "the answer to a completion names the ETag",
    brokenBy: ["complete-etag-empty"],
    async check(subject) {
      const upload = await begin(subject);
      const root = rootOf(await complete(upload, await sendAll(upload)), "CompleteMultipartUploadResult");
      assert.match(childText(root, "ETag") ?? "", /^"?[0-9a-f]{32}-2"?$/);
    },
  },
  {
    says: "with SHA-256 of each part the object has the SHA-256 of these, and their number",
    brokenBy: ["checksums-dropped"],
    async check(subject) {
      const parts = partsOf(subject);
      const upload = await begin(subject, { "x-amz-checksum-algorithm": "SHA256" });
      const listed: string[] = [];
      for (const [i, part] of parts.entries()) {
        const answer = expectStatus(await send(upload, i + 1, { "x-amz-checksum-sha256": sha256(part) }), 200);
        assert.equal(answer.headers["x-amz-checksum-sha256"], sha256(part));
        listed.push(partXml(i + 1, answer.headers["etag"] ?? "", `<ChecksumSHA256>${sha256(part)}</ChecksumSHA256>`));
      }
      rootOf(await complete(upload, listed), "CompleteMultipartUploadResult");
      const headers = { "x-amz-checksum-mode": "ENABLED" };
      const head = expectStatus(await subject.client.send({ method: "HEAD", ...upload, headers }), 200);
      const ofParts = Buffer.concat(parts.map((part) => digest("sha256", part)));
      assert.equal(head.headers["x-amz-checksum-sha256"], `${sha256(ofParts)}-2`);
    },
  },
  {
    says: "the sizes of the parts of an upload with checksums are told",
    brokenBy: ["part-sizes-untold"],
    async check(subject) {
      const parts = partsOf(subject);
      const upload = await begin(subject, { "x-amz-checksum-algorithm": "SHA256" });
      const listed: string[] = [];
      for (const [i, part] of parts.entries()) {
        const answer = expectStatus(await send(upload, i + 1, { "x-amz-checksum-sha256": sha256(part) }), 200);
        listed.push(partXml(i + 1, answer.headers["etag"] ?? "", `<ChecksumSHA256>${sha256(part)}</ChecksumSHA256>`));
      }
      rootOf(await complete(upload, listed), "CompleteMultipartUploadResult");
      const headers = { "x-amz-object-attributes": "ObjectParts", "x-amz-max-parts": "1000" };
      const { bucket, key } = upload;
      const query = { attributes: "" };
      const told = textOf(expectStatus(await subject.client.send({ method: "GET", bucket, key, query, headers }), 200));
      const sizes = [...told.matchAll(/<Size>([0-9]+)<\/Size>/g)].map(([, size]) => Number(size));
      assert.deepEqual(
        sizes,
        parts.map((part) => part.length),
      );
    },
  },
  {
    says: "a part with the SHA-256 of other bytes answers 400",
    brokenBy: ["checksums-unchecked"],
    async check(subject) {
      const upload = await begin(subject, { "x-amz-checksum-algorithm": "SHA256" });
      expectStatus(await send(upload, 2, { "x-amz-checksum-sha256": sha256(Buffer.from("other")) }), 400);
    },
  },
  {
    says: "a completion that names another ETag answers 400 InvalidPart",
    async check(subject) {
      const upload = await begin(subject);
      await send(upload, 2);
      const answer = await complete(upload, [partXml(2, '"00000000000000000000000000000000"')]);
      assert.equal(codeOf(expectStatus(answer, 400)), "InvalidPart");
    },
  },
  {
    says: "a part under the minimum that is not the last answers 400 EntityTooSmall",
    async check(subject) {
      const upload = await begin(subject);
      const small = { ...upload, method: "PUT", body: "tiny" };
      const listed: string[] = [];
      for (const number of [1, 2]) {
        const query = { partNumber: String(number), uploadId: upload.uploadId };
        const { headers } = expectStatus(await subject.client.send({ ...small, query }), 200);
        listed.push(partXml(number, headers["etag"] ?? ""));
      }
      assert.equal(codeOf(expectStatus(await complete(upload, listed), 400)), "EntityTooSmall");
    },
  },
  {
    says: "an unfinished upload is listed with its parts, and gone once aborted",
    async check(subject) {
      const upload = await begin(subject);
      await send(upload, 2);
      const { bucket, key, uploadId } = upload;
      const listParts = async () => subject.client.send({ method: "GET", bucket, key, query: { uploadId } });
      assert.match(textOf(expectStatus(await listParts(), 200)), /<Part>.*<PartNumber>2<\/PartNumber>.*<\/Part>/s);
      const listUploads = async () =>
        rootOf(
          await subject.client.send({ method: "GET", bucket, query: { prefix: key, uploads: "" } }),
          "ListMultipartUploadsResult",
        );
      assert.deepEqual(textsOf(await listUploads(), "Upload", "UploadId"), [uploadId]);
      expectStatus(await subject.client.send({ method: "DELETE", bucket, key, query: { uploadId } }), 204);
      expectStatus(await listParts(), 404);
      assert.deepEqual(textsOf(await listUploads(), "Upload", "UploadId"), []);
    },
  },
  {
    says: "a completion that is repeated answers 200 again, or 404 NoSuchUpload",
    async check(subject) {
      const upload = await begin(subject);
      const listed = [partXml(2, expectStatus(await send(upload, 2), 200).headers["etag"] ?? "")];
      expectStatus(await complete(upload, listed), 200);
      const again = expectStatus(await complete(upload, listed), 200, 404);
      if (again.status === 404) assert.equal(codeOf(again), "NoSuchUpload");
    },
  },
  {
    says: "an unfinished upload is no object",
    async check(subject) {
      const upload = await begin(subject);
      await send(upload, 2);
      expectStatus(await subject.client.send({ method: "HEAD", ...upload }), 404);
    },
  },
  {
    says: "a completion with If-None-Match: * answers 412 where an object is",
    brokenBy: ["complete-conditions-ignored"],
    async check(subject) {
      const upload = await begin(subject);
      const etag = expectStatus(await send(upload, 2), 200).headers["etag"] ?? "";
      await put(subject, upload, "there");
      expectStatus(await complete(upload, [partXml(2, etag)], { "if-none-match": "*" }), 412);
    },
  },
  {
    says: "UploadPartCopy into an upload with SHA-256 names that of the part, and it counts as that of an upload",
    brokenBy: ["part-copy-checksums-untold", "part-copy-checksums-refused"],
    check: async (subject) => checkPartCopy(subject, {}),
  },
  {
    says: "UploadPartCopy names the SHA-256 of the part also where the source has one",
    brokenBy: ["part-copy-checksums-untold", "part-copy-checksums-refused", "part-copy-checksums-of-source"],
    check: async (subject) => checkPartCopy(subject, { "x-amz-checksum-sha256": sha256(Buffer.from("0123456789")) }),
  },
  {
    says: "UploadPartCopy takes a range of another object",
    async check(subject) {
      const source = { bucket: subject.plainBucket, key: subject.freshKey() };
      await put(subject, source, "0123456789");
      const upload = await begin(subject);
      const headers = {
        "x-amz-copy-source": `/${source.bucket}/${source.key}`,
        "x-amz-copy-source-range": "bytes=2-5",
      };
      const { bucket, key, uploadId } = upload;
      const query = { partNumber: "1", uploadId };
      const root = rootOf(await subject.client.send({ method: "PUT", bucket, key, query, headers }), "CopyPartResult");
      rootOf(await complete(upload, [partXml(1, childText(root, "ETag") ?? "")]), "CompleteMultipartUploadResult");
      assert.equal(textOf(await subject.client.send({ method: "GET", bucket, key })), "2345");
    },
  },
];
