import assert from "node:assert/strict";
import { childText } from "../s3/xml.js";
import { expectStatus, type Fact, inOrder, put, rootOf, type Subject, textOf, textsOf } from "./fact.js";

async function list(subject: Subject, query: Record<string, string>) {
  const answer = await subject.client.send({
    method: "GET",
    bucket: subject.plainBucket,
    query: { "list-type": "2", ...query },
  });
  return rootOf(answer, "ListBucketResult");
}

const keysIn = (root: Awaited<ReturnType<typeof list>>): (string | undefined)[] => textsOf(root, "Contents", "Key");
const prefixesIn = (root: Awaited<ReturnType<typeof list>>): (string | undefined)[] =>
  textsOf(root, "CommonPrefixes", "Prefix");

async function fill(subject: Subject, names: readonly string[]): Promise<string> {
  const folder = subject.freshKey();
  for (const name of names) await put(subject, { bucket: subject.plainBucket, key: `${folder}/${name}` }, name);
  return folder;
}

/** Writes, reads, lists and copies an object under a name that a careless engine takes for something else. */
function keyFact(says: string, names: readonly string[], brokenBy: Fact["brokenBy"] = []): Fact {
  return {
    says,
    brokenBy,
    async check(subject) {
      const bucket = subject.plainBucket;
      for (const name of names) {
        const key = `${subject.freshKey()}/${name}`;
        await put(subject, { bucket, key }, name);
        const got = expectStatus(await subject.client.send({ method: "GET", bucket, key }), 200);
        assert.equal(textOf(got), name);
        assert.deepEqual(keysIn(await list(subject, { prefix: key })), [key]);
      }
    },
  };
}

/** Facts about keys and listings. */
export const listingFacts: readonly Fact[] = [
  {
    says: "a listing has what was written before it, in the order of UTF-8 bytes",
    async check(subject) {
      const names = ["b", "a", "a/b", "a-b", "Z", "é", "\uff5e", "\u{1f600}"];
      const folder = await fill(subject, names);
      const sorted = names.map((name) => Buffer.from(name)).sort((a, b) => Buffer.compare(a, b));
      assert.deepEqual(
        keysIn(await list(subject, { prefix: `${folder}/` })),
        sorted.map((name) => `${folder}/${name.toString()}`),
      );
    },
    brokenBy: ["folders-hide-keys"],
  },
  {
    says: "a listing has sizes, ETags and times",
    async check(subject) {
      const folder = await fill(subject, ["a"]);
      const root = await list(subject, { prefix: folder });
      assert.deepEqual(textsOf(root, "Contents", "Size"), ["1"]);
      assert.match(textsOf(root, "Contents", "ETag")[0] ?? "", /^"[0-9a-f]{32}"$/);
      assert(Date.parse(textsOf(root, "Contents", "LastModified")[0] ?? "") > 0);
    },
  },
  {
    says: "with a delimiter the next components below the prefix are listed",
    async check(subject) {
      const folder = await fill(subject, ["a/1", "a/2", "b", "c/d/e"]);
      const root = await list(subject, { prefix: `${folder}/`, delimiter: "/" });
      assert.deepEqual(keysIn(root), [`${folder}/b`]);
      assert.deepEqual(prefixesIn(root), [`${folder}/a/`, `${folder}/c/`]);
    },
  },
  {
    says: "pages follow each other by their tokens, common prefixes included",
    async check(subject) {
      const folder = await fill(subject, ["a/1", "b", "c/1", "c/2", "d", "e", "f/1"]);
      const found: (string | undefined)[] = [];
      let token: string | undefined;
      for (let pages = 0; pages < 10; pages++) {
        const more: Record<string, string> = token === undefined ? {} : { "continuation-token": token };
        const root = await list(subject, { prefix: `${folder}/`, delimiter: "/", "max-keys": "2", ...more });
        const page = [...keysIn(root), ...prefixesIn(root)];
        assert(page.length <= 2);
        found.push(...page);
        if (childText(root, "IsTruncated") !== "true") break;
        token = childText(root, "NextContinuationToken");
      }
      assert.deepEqual(
        inOrder(found),
        ["a/", "b", "c/", "d", "e", "f/"].map((name) => `${folder}/${name}`),
      );
    },
  },
  {
    says: "start-after begins behind a key",
    async check(subject) {
      const folder = await fill(subject, ["a", "b", "c"]);
      const root = await list(subject, { prefix: `${folder}/`, "start-after": `${folder}/a` });
      assert.deepEqual(keysIn(root), [`${folder}/b`, `${folder}/c`]);
    },
  },
  {
    says: "encoding-type=url percent-encodes keys",
    brokenBy: ["listings-unencoded"],
    async check(subject) {
      const names = ["a b", "a+b", "a%20b", "a&b<c>"];
      const folder = await fill(subject, names);
      const root = await list(subject, { prefix: `${folder}/`, "encoding-type": "url" });
      const decoded = keysIn(root).map((key) => decodeURIComponent((key ?? "").replaceAll("+", "%20")));
      assert.deepEqual(inOrder(decoded), inOrder(names.map((name) => `${folder}/${name}`)));
    },
  },
  {
    says: "a listing of nothing is empty",
    async check(subject) {
      assert.deepEqual(keysIn(await list(subject, { prefix: subject.freshKey() })), []);
    },
  },
  keyFact("keys may have spaces, signs and letters of all scripts", [
    "sp ace",
    "plus+plus",
    "per%cent%20",
    "ha#sh?query&amp;",
    "üñí/日本語/😀",
    "e\u0301 decomposed",
    "a&b<c>\"d'",
    "~!*()';:=,@$",
    "back\\slash{}[]^`|",
  ]),
  keyFact("keys may have empty components", ["double//slash"], ["path-keys-refused"]),
  keyFact("keys may have the components . and ..", ["./dot", "a/../b"], ["path-keys-refused"]),
  keyFact("keys may end in a slash and have bytes", ["trail/"], ["trailing-slash-refused"]),
  keyFact("a component of a key may have 900 bytes", ["x".repeat(900)], ["long-names-refused"]),
];
