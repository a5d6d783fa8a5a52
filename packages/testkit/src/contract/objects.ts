import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { digestBase64 } from "../s3/checksum.js";
import { childText } from "../s3/xml.js";
import { bodyOf, codeOf, expectStatus, type Fact, put, rootOf, type Subject, textOf, textsOf } from "./fact.js";

const plain = (subject: Subject) => ({ bucket: subject.plainBucket, key: subject.freshKey() });
const bytes = Buffer.from("0123456789".repeat(20));

const basics: readonly Fact[] = [
  {
    says: "an object comes back with its bytes, its metadata and the MD5 of its bytes as ETag, in quotes",
    async check(subject) {
      const at = plain(subject);
      const meta = { "x-amz-meta-t4-note": '{"a": "b c"}' };
      const { headers } = await put(subject, { ...at, headers: meta }, bytes);
      const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
      assert.equal(headers["etag"], etag);
      const got = expectStatus(await subject.client.send({ method: "GET", ...at }), 200);
      assert.equal(textOf(got), bytes.toString());
      assert.equal(got.headers["etag"], etag);
      assert.equal(got.headers["x-amz-meta-t4-note"], meta["x-amz-meta-t4-note"]);
      assert(Date.parse(got.headers["last-modified"] ?? "") > 0);
      const head = expectStatus(await subject.client.send({ method: "HEAD", ...at }), 200);
      assert.equal(head.headers["content-length"], String(bytes.length));
      assert.equal(head.headers["x-amz-meta-t4-note"], meta["x-amz-meta-t4-note"]);
    },
  },
  {
    says: "every answer has the server's time",
    async check(subject) {
      const at = plain(subject);
      const answers = [await put(subject, at, "x"), await subject.client.send({ method: "GET", ...plain(subject) })];
      for (const { headers } of answers) assert(Math.abs(Date.parse(headers["date"] ?? "") - Date.now()) < 60_000);
    },
  },
  {
    says: "an object of no bytes is an object",
    async check(subject) {
      const at = plain(subject);
      await put(subject, at, "");
      const head = expectStatus(await subject.client.send({ method: "HEAD", ...at }), 200);
      assert.equal(head.headers["content-length"], "0");
      assert.equal(await bodyOf(subject, at), "");
    },
  },
  {
    says: "a key without an object answers 404 NoSuchKey, to HEAD 404",
    async check(subject) {
      assert.equal(
        codeOf(expectStatus(await subject.client.send({ method: "GET", ...plain(subject) }), 404)),
        "NoSuchKey",
      );
      expectStatus(await subject.client.send({ method: "HEAD", ...plain(subject) }), 404);
    },
  },
  {
    says: "DELETE of what is there and of what is not answers 204",
    async check(subject) {
      const at = plain(subject);
      await put(subject, at, "x");
      for (let i = 0; i < 2; i++) expectStatus(await subject.client.send({ method: "DELETE", ...at }), 204);
      expectStatus(await subject.client.send({ method: "GET", ...at }), 404);
    },
  },
  {
    says: "DeleteObjects removes many at once",
    async check(subject) {
      const { bucket, key } = plain(subject);
      for (const n of [1, 2]) await put(subject, { bucket, key: `${key}/${n}` }, "x");
      const objects = [1, 2, 3].map((n) => `<Object><Key>${key}/${n}</Key></Object>`).join("");
      const body = `<Delete>${objects}</Delete>`;
      const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
      const answer = await subject.client.send({ method: "POST", bucket, query: { delete: "" }, body, headers });
      assert.equal(textsOf(rootOf(answer, "DeleteResult"), "Deleted", "Key").length, 3);
      expectStatus(await subject.client.send({ method: "HEAD", bucket, key: `${key}/1` }), 404);
    },
  },
  {
    says: "ranges answer 206 with their place; one past the end answers 416",
    async check(subject) {
      const at = plain(subject);
      await put(subject, at, bytes);
      const get = async (range: string) => subject.client.send({ method: "GET", ...at, headers: { range } });
      const middle = expectStatus(await get("bytes=5-9"), 206);
      assert.deepEqual([textOf(middle), middle.headers["content-range"]], ["56789", `bytes 5-9/${bytes.length}`]);
      assert.equal(textOf(expectStatus(await get("bytes=195-"), 206)), "56789");
      assert.equal(textOf(expectStatus(await get("bytes=-3"), 206)), "789");
      assert.equal(textOf(expectStatus(await get("bytes=198-999"), 206)), "89");
      expectStatus(await get("bytes=200-"), 416);
    },
  },
  {
    says: "a PUT whose client vanishes midway leaves no object",
    brokenBy: ["cut-put-stored"],
    async check(subject) {
      const at = plain(subject);
      const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
      await subject.vanish({ method: "PUT", ...at, body: Buffer.alloc(200_000, "x"), headers });
      await new Promise((resolve) => setTimeout(resolve, 250));
      expectStatus(await subject.client.send({ method: "HEAD", ...at }), 404);
    },
  },
];

/** A PUT with a header that does not fit its body: refused, and nothing is stored. */
async function refused(subject: Subject, headers: Record<string, string>): Promise<void> {
  const at = plain(subject);
  expectStatus(await subject.client.send({ method: "PUT", ...at, body: bytes, headers }), 400);
  expectStatus(await subject.client.send({ method: "HEAD", ...at }), 404);
}

const checksums: readonly Fact[] = [
  ...(["sha256", "crc64nvme", "crc32c"] as const).flatMap((name): Fact[] => [
    {
      says: `x-amz-checksum-${name} is kept and given back`,
      brokenBy: ["checksums-dropped"],
      async check(subject) {
        const at = plain(subject);
        const header = `x-amz-checksum-${name}`;
        const value = digestBase64(name, bytes);
        const written = await put(subject, { ...at, headers: { [header]: value } }, bytes);
        assert.equal(written.headers[header], value);
        const mode = { "x-amz-checksum-mode": "ENABLED" };
        const head = expectStatus(await subject.client.send({ method: "HEAD", ...at, headers: mode }), 200);
        assert.equal(head.headers[header], value);
      },
    },
    {
      says: `x-amz-checksum-${name} of other bytes answers 400 and nothing is stored`,
      brokenBy: ["checksums-unchecked"],
      check: async (subject) =>
        refused(subject, { [`x-amz-checksum-${name}`]: digestBase64(name, Buffer.from("other")) }),
    },
  ]),
  {
    says: "Content-MD5 of other bytes answers 400 and nothing is stored",
    brokenBy: ["md5-unchecked"],
    check: async (subject) => refused(subject, { "content-md5": createHash("md5").update("other").digest("base64") }),
  },
  {
    says: "an object written without a checksum gets one",
    brokenBy: ["no-default-checksum"],
    async check(subject) {
      const { headers } = await put(subject, plain(subject), bytes);
      assert.equal(headers["x-amz-checksum-crc64nvme"], digestBase64("crc64nvme", bytes));
    },
  },
];

const copies: readonly Fact[] = [
  {
    says: "CopyObject copies bytes and metadata",
    async check(subject) {
      const from = plain(subject);
      const to = plain(subject);
      await put(subject, { ...from, headers: { "x-amz-meta-a": "1" } }, bytes);
      const headers = { "x-amz-copy-source": `/${from.bucket}/${from.key}` };
      rootOf(await subject.client.send({ method: "PUT", ...to, headers }), "CopyObjectResult");
      const got = expectStatus(await subject.client.send({ method: "GET", ...to }), 200);
      assert.deepEqual([textOf(got), got.headers["x-amz-meta-a"]], [bytes.toString(), "1"]);
    },
  },
  {
    says: "CopyObject with a checksum asked for names that of the copy",
    brokenBy: ["copy-checksums-untold"],
    async check(subject) {
      const from = plain(subject);
      await put(subject, from, bytes);
      const headers = { "x-amz-copy-source": `/${from.bucket}/${from.key}`, "x-amz-checksum-algorithm": "SHA256" };
      const answer = await subject.client.send({ method: "PUT", ...plain(subject), headers });
      assert.equal(childText(rootOf(answer, "CopyObjectResult"), "ChecksumSHA256"), digestBase64("sha256", bytes));
    },
  },
  {
    says: "CopyObject with another's x-amz-copy-source-if-match answers 412",
    brokenBy: ["copy-source-conditions-ignored"],
    async check(subject) {
      const from = plain(subject);
      await put(subject, from, bytes);
      const headers = {
        "x-amz-copy-source": `/${from.bucket}/${from.key}`,
        "x-amz-copy-source-if-match": '"00000000000000000000000000000000"',
      };
      expectStatus(await subject.client.send({ method: "PUT", ...plain(subject), headers }), 412);
    },
  },
  {
    says: "CopyObject with If-None-Match: * answers 412 where an object is",
    brokenBy: ["copy-conditions-ignored"],
    async check(subject) {
      const from = plain(subject);
      const to = plain(subject);
      await put(subject, from, bytes);
      await put(subject, to, "there");
      const headers = { "x-amz-copy-source": `/${from.bucket}/${from.key}`, "if-none-match": "*" };
      expectStatus(await subject.client.send({ method: "PUT", ...to, headers }), 412);
      assert.equal(await bodyOf(subject, to), "there");
    },
  },
];

/** Facts about single objects: bytes, ranges, checksums, copies. */
export const objectFacts: readonly Fact[] = [...basics, ...checksums, ...copies];
