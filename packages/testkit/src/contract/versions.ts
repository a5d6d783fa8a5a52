import assert from "node:assert/strict";
import { children, childText } from "../s3/xml.js";
import { bodyOf, bucketOf, codeOf, expectStatus, type Fact, put, rootOf, type Subject, textOf } from "./fact.js";

const place = (subject: Subject) => ({ bucket: bucketOf(subject, "versioned"), key: subject.freshKey() });

async function listed(subject: Subject, at: ReturnType<typeof place>, query: Record<string, string> = {}) {
  const answer = await subject.client.send({
    method: "GET",
    bucket: at.bucket,
    query: { prefix: at.key, versions: "", ...query },
  });
  return rootOf(answer, "ListVersionsResult");
}

/** Puts three versions and returns their ids, oldest first. */
async function three(subject: Subject, at: ReturnType<typeof place>): Promise<string[]> {
  const ids: string[] = [];
  for (const body of ["one", "two", "three"])
    ids.push((await put(subject, at, body)).headers["x-amz-version-id"] ?? "");
  return ids;
}

const facts: readonly Fact[] = [
  {
    says: "every PUT makes a version that stays readable by its id",
    async check(subject) {
      const at = place(subject);
      const ids = await three(subject, at);
      assert.equal(new Set(ids).size, 3);
      for (const [i, body] of ["one", "two", "three"].entries()) {
        const got = await subject.client.send({ method: "GET", ...at, query: { versionId: ids[i] ?? "" } });
        assert.deepEqual([textOf(expectStatus(got, 200)), got.headers["x-amz-version-id"]], [body, ids[i]]);
      }
      const head = await subject.client.send({ method: "HEAD", ...at });
      assert.equal(head.headers["x-amz-version-id"], ids[2]);
    },
  },
  {
    says: "DELETE puts a marker on top: 404, yet the versions stay",
    async check(subject) {
      const at = place(subject);
      const ids = await three(subject, at);
      const deleted = expectStatus(await subject.client.send({ method: "DELETE", ...at }), 204);
      assert.equal(deleted.headers["x-amz-delete-marker"], "true");
      assert.equal(codeOf(expectStatus(await subject.client.send({ method: "GET", ...at }), 404)), "NoSuchKey");
      const old = await subject.client.send({ method: "GET", ...at, query: { versionId: ids[2] ?? "" } });
      assert.equal(textOf(expectStatus(old, 200)), "three");
      const root = await listed(subject, at);
      assert.deepEqual(
        children(root, "DeleteMarker").map((node) => childText(node, "IsLatest")),
        ["true"],
      );
    },
  },
  {
    says: "DELETE of one version brings the one before back",
    async check(subject) {
      const at = place(subject);
      const ids = await three(subject, at);
      expectStatus(await subject.client.send({ method: "DELETE", ...at, query: { versionId: ids[2] ?? "" } }), 204);
      assert.equal(await bodyOf(subject, at), "two");
    },
  },
  {
    says: "versions of a key are listed newest first, page by page",
    async check(subject) {
      const at = place(subject);
      const ids = await three(subject, at);
      const found: (string | undefined)[] = [];
      let markers: Record<string, string> = {};
      for (let pages = 0; pages < 5; pages++) {
        const root = await listed(subject, at, { "max-keys": "2", ...markers });
        found.push(...children(root, "Version").map((node) => childText(node, "VersionId")));
        if (childText(root, "IsTruncated") !== "true") break;
        markers = {
          "key-marker": childText(root, "NextKeyMarker") ?? "",
          "version-id-marker": childText(root, "NextVersionIdMarker") ?? "",
        };
      }
      assert.deepEqual(found, ids.toReversed());
    },
  },
  {
    says: "a bucket whose versioning is suspended keeps old versions and overwrites the one called null",
    brokenBy: ["suspended-forgets"],
    async check(subject) {
      const { bucket, key } = { bucket: `t4-suspended-${Date.now().toString(36)}`, key: subject.freshKey() };
      expectStatus(await subject.client.send({ method: "PUT", bucket }), 200);
      const set = async (status: string) => {
        const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
        expectStatus(await subject.client.send({ method: "PUT", bucket, query: { versioning: "" }, body }), 200);
      };
      await set("Enabled");
      const { headers } = await put(subject, { bucket, key }, "kept");
      await set("Suspended");
      for (const body of ["gone", "present"]) await put(subject, { bucket, key }, body);
      const ids = children(await listed(subject, { bucket, key }), "Version").map((node) =>
        childText(node, "VersionId"),
      );
      assert.deepEqual(ids, ["null", headers["x-amz-version-id"]]);
      assert.equal(await bodyOf(subject, { bucket, key }), "present");
    },
  },
  {
    says: "CopyObject takes an old version",
    async check(subject) {
      const at = place(subject);
      const [first = ""] = await three(subject, at);
      const to = place(subject);
      const headers = { "x-amz-copy-source": `/${at.bucket}/${at.key}?versionId=${first}` };
      rootOf(await subject.client.send({ method: "PUT", ...to, headers }), "CopyObjectResult");
      assert.equal(await bodyOf(subject, to), "one");
    },
  },
];

/** Facts about versioned buckets. */
export const versionFacts: readonly Fact[] = facts.map(({ says, check, brokenBy = [] }) => ({
  says,
  check,
  brokenBy: ["no-versioning", ...brokenBy],
}));
