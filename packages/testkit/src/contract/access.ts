import assert from "node:assert/strict";
import { bucketOf, codeOf, expectStatus, type Fact, put, type Subject, textOf } from "./fact.js";

const place = (subject: Subject) => ({ bucket: subject.plainBucket, key: subject.freshKey() });

/** Facts about who may do what, and about buckets. */
export const accessFacts: readonly Fact[] = [
  {
    says: "a wrong secret answers 403 SignatureDoesNotMatch",
    brokenBy: ["signatures-unchecked"],
    async check(subject) {
      const answer = await subject.impostor.send({ method: "PUT", ...place(subject), body: "x" });
      assert.equal(codeOf(expectStatus(answer, 403)), "SignatureDoesNotMatch");
    },
  },
  {
    says: "a body that is not the signed one answers 400 and nothing is stored",
    brokenBy: ["signatures-unchecked"],
    async check(subject) {
      const at = place(subject);
      const signed = subject.client.sign({ method: "PUT", ...at, body: "one" });
      expectStatus(await subject.exchange({ ...signed, body: Buffer.from("two") }), 400);
      expectStatus(await subject.client.send({ method: "HEAD", ...at }), 404);
    },
  },
  {
    says: "a clock that is an hour late answers 403 RequestTimeTooSkewed",
    brokenBy: ["signatures-unchecked"],
    async check(subject) {
      const answer = await subject.late.send({ method: "PUT", ...place(subject), body: "x" });
      assert.equal(codeOf(expectStatus(answer, 403)), "RequestTimeTooSkewed");
    },
  },
  {
    says: "who does not sign is refused, unless the bucket's policy lets everybody",
    async check(subject) {
      const { bucket, key } = place(subject);
      await put(subject, { bucket, key: `${key}/public` }, "x");
      await put(subject, { bucket, key: `${key}/private` }, "x");
      const get = async (name: string) => subject.anonymous.send({ method: "GET", bucket, key: `${key}/${name}` });
      expectStatus(await get("public"), 403);
      const Resource = [`arn:aws:s3:::${bucket}/${key}/public`];
      const statement = { Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource };
      const body = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      expectStatus(await subject.client.send({ method: "PUT", bucket, query: { policy: "" }, body }), 200, 204);
      expectStatus(await get("public"), 200);
      expectStatus(await get("private"), 403);
    },
  },
  {
    says: "a presigned URL reads one object, whole or in ranges",
    async check(subject) {
      const at = place(subject);
      await put(subject, at, "0123456789");
      const url = subject.client.presign({ method: "GET", ...at }, 60);
      const get = async (headers = {}) =>
        subject.exchange({ method: "GET", url, headers: { host: subject.host, ...headers }, body: Buffer.of() });
      assert.equal(textOf(expectStatus(await get(), 200)), "0123456789");
      assert.equal(textOf(expectStatus(await get({ range: "bytes=0-2" }), 206)), "012");
    },
  },
  {
    says: "a presigned URL that was changed, or is over, answers 403",
    brokenBy: ["signatures-unchecked"],
    async check(subject) {
      const at = place(subject);
      await put(subject, at, "x");
      const get = async (url: string) =>
        subject.exchange({ method: "GET", url, headers: { host: subject.host }, body: Buffer.of() });
      const url = subject.client.presign({ method: "GET", ...at }, 60);
      expectStatus(await get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600")), 403);
      expectStatus(await get(subject.late.presign({ method: "GET", ...at }, 60)), 403);
    },
  },
  {
    says: "HEAD of a bucket answers 200, of one that is not there 404",
    async check(subject) {
      expectStatus(await subject.client.send({ method: "HEAD", bucket: subject.plainBucket }), 200);
      expectStatus(await subject.client.send({ method: "HEAD", bucket: "t4-there-is-no-such-bucket" }), 404);
    },
  },
  {
    says: "a bucket tells its place, and whether it keeps versions",
    brokenBy: ["no-versioning"],
    async check(subject) {
      const ask = async (bucket: string, name: string) =>
        subject.client.send({ method: "GET", bucket, query: { [name]: "" } });
      expectStatus(await ask(subject.plainBucket, "location"), 200);
      const status = async (bucket: string) =>
        /<Status>(\w+)</.exec(textOf(expectStatus(await ask(bucket, "versioning"), 200)))?.[1];
      assert.equal(await status(subject.plainBucket), undefined);
      assert.equal(await status(bucketOf(subject, "versioned")), "Enabled");
    },
  },
  {
    says: "an error is a document with a code, a message and a request id",
    async check(subject) {
      const root = /<Error>[\s\S]*<Code>NoSuchKey<\/Code>[\s\S]*<\/Error>/;
      const answer = await subject.client.send({ method: "GET", ...place(subject) });
      assert.match(textOf(answer), root);
      assert.match(textOf(answer), /<RequestId>[^<]+<\/RequestId>/i);
    },
  },
];
