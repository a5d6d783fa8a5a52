import assert from "node:assert/strict";
import type { Deviation } from "../s3/deviations.js";
import { type BucketKind, bodyOf, bucketOf, expectStatus, type Fact, put, type Subject } from "./fact.js";

const STALE = '"00000000000000000000000000000000"';
const WRITERS = 16;

/** Deviations by which If-None-Match: * on a PUT means nothing in this kind of bucket. */
const noCreate = (kind: BucketKind): readonly Deviation[] =>
  kind === "plain" ? ["create-ignored"] : ["create-ignored", "create-ignored-when-versioned", "no-versioning"];
/** Deviations by which a stale If-Match on a PUT does not fail. */
const noMatch = (kind: BucketKind): readonly Deviation[] =>
  kind === "plain" ? ["match-ignored"] : ["match-ignored", "no-versioning"];
/** Deviations by which a right If-Match on a PUT does not pass. */
const refusedMatch = (kind: BucketKind): readonly Deviation[] =>
  kind === "plain" ? [] : ["match-refused-when-versioned", "no-versioning"];

type Place = { readonly bucket: string; readonly key: string };

const place = (subject: Subject, kind: BucketKind): Place => ({
  bucket: bucketOf(subject, kind),
  key: subject.freshKey(),
});

const bare = (etag: string): string => etag.replaceAll('"', "");

/** Facts about If-None-Match, one PUT after another. */
function creations(kind: BucketKind): readonly Fact[] {
  return [
    {
      says: `${kind}: If-None-Match: * writes where nothing is`,
      brokenBy: kind === "plain" ? [] : ["no-versioning"],
      async check(subject) {
        const at = place(subject, kind);
        await put(subject, { ...at, headers: { "if-none-match": "*" } }, "first");
        assert.equal(await bodyOf(subject, at), "first");
      },
    },
    {
      says: `${kind}: If-None-Match: * answers 412 where an object is, and leaves it`,
      brokenBy: noCreate(kind),
      async check(subject) {
        const at = place(subject, kind);
        await put(subject, at, "first");
        const headers = { "if-none-match": "*" };
        expectStatus(await subject.client.send({ method: "PUT", ...at, body: "second", headers }), 412);
        assert.equal(await bodyOf(subject, at), "first");
      },
    },
    {
      says: `${kind}: If-None-Match: * writes again after a DELETE`,
      brokenBy: kind === "plain" ? [] : ["create-after-delete-refused", "no-versioning"],
      async check(subject) {
        const at = place(subject, kind);
        await put(subject, at, "first");
        expectStatus(await subject.client.send({ method: "DELETE", ...at }), 204);
        await put(subject, { ...at, headers: { "if-none-match": "*" } }, "second");
        assert.equal(await bodyOf(subject, at), "second");
      },
    },
  ];
}

/** Facts about If-Match, one PUT after another. */
function replacements(kind: BucketKind): readonly Fact[] {
  return [
    {
      says: `${kind}: If-Match with the present ETag as it was given, in quotes, writes`,
      brokenBy: [...refusedMatch(kind), "match-quoted-refused"],
      async check(subject) {
        const at = place(subject, kind);
        const etag = (await put(subject, at, "a")).headers["etag"] ?? "";
        await put(subject, { ...at, headers: { "if-match": etag } }, "b");
        assert.equal(await bodyOf(subject, at), "b");
      },
    },
    {
      says: `${kind}: If-Match with the present ETag without quotes writes`,
      brokenBy: refusedMatch(kind),
      async check(subject) {
        const at = place(subject, kind);
        const etag = (await put(subject, at, "a")).headers["etag"] ?? "";
        await put(subject, { ...at, headers: { "if-match": bare(etag) } }, "b");
        assert.equal(await bodyOf(subject, at), "b");
      },
    },
    {
      says: `${kind}: If-Match with another ETag answers 412, and leaves the object`,
      brokenBy: noMatch(kind),
      async check(subject) {
        const at = place(subject, kind);
        await put(subject, at, "a");
        const headers = { "if-match": STALE };
        expectStatus(await subject.client.send({ method: "PUT", ...at, body: "b", headers }), 412);
        assert.equal(await bodyOf(subject, at), "a");
      },
    },
    {
      says: `${kind}: If-Match where nothing is answers 404`,
      brokenBy: [...noMatch(kind), "match-missing-is-412"],
      async check(subject) {
        const headers = { "if-match": STALE };
        const response = await subject.client.send({ method: "PUT", ...place(subject, kind), body: "b", headers });
        expectStatus(response, 404);
      },
    },
  ];
}

/** Sixteen writers at once, many times: exactly one of each sixteen is told 200, and its bytes are there (Ceph tells some of the others 500). */
async function race(
  subject: Subject,
  bucket: string,
  prepare: (at: Place) => Promise<Record<string, string>>,
): Promise<void> {
  const folder = subject.freshKey();
  for (let round = 0; round < subject.raceRounds; round++) {
    const at = { bucket, key: `${folder}/${round}` };
    const headers = await prepare(at);
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, async (_, i) =>
        subject.client.send({ method: "PUT", ...at, body: `writer ${i}`, headers }),
      ),
    );
    const winners = answers.flatMap(({ status }, i) => (status === 200 ? [`writer ${i}`] : []));
    assert.equal(winners.length, 1, `round ${round}: ${winners.length} of ${WRITERS} were told 200`);
    assert.equal(await bodyOf(subject, at), winners[0], `round ${round}: other bytes than the winner's`);
  }
}

/** Engines whose races end well most of the time. */
const UNSTEADY: readonly Deviation[] = ["races-lost-at-times"];

function races(kind: BucketKind): readonly Fact[] {
  const raced: readonly Deviation[] = kind === "plain" ? [] : ["races-lost-when-versioned"];
  return [
    {
      says: `${kind}: of ${WRITERS} writers with If-None-Match: * exactly one wins`,
      brokenBy: [...noCreate(kind), ...raced],
      unsteadyBy: UNSTEADY,
      check: async (subject) => race(subject, bucketOf(subject, kind), async () => ({ "if-none-match": "*" })),
    },
    {
      says: `${kind}: of ${WRITERS} writers with If-Match exactly one wins`,
      brokenBy: [...raced, ...noMatch(kind), ...refusedMatch(kind), "match-quoted-refused"],
      unsteadyBy: UNSTEADY,
      check: async (subject) =>
        race(subject, bucketOf(subject, kind), async (at) => ({
          "if-match": (await put(subject, at, "base")).headers["etag"] ?? "",
        })),
    },
    {
      says: `${kind}: of ${WRITERS} writers with an unquoted If-Match exactly one wins`,
      brokenBy: [...raced, ...noMatch(kind), ...refusedMatch(kind)],
      unsteadyBy: UNSTEADY,
      check: async (subject) =>
        race(subject, bucketOf(subject, kind), async (at) => ({
          "if-match": bare((await put(subject, at, "base")).headers["etag"] ?? ""),
        })),
    },
  ];
}

const others: readonly Fact[] = [
  {
    says: "GET with If-None-Match of the present ETag answers 304, with another's If-Match 412",
    async check(subject) {
      const at = place(subject, "plain");
      const etag = (await put(subject, at, "a")).headers["etag"] ?? "";
      const get = async (headers: Record<string, string>) => subject.client.send({ method: "GET", ...at, headers });
      expectStatus(await get({ "if-none-match": etag }), 304);
      expectStatus(await get({ "if-none-match": STALE }), 200);
      expectStatus(await get({ "if-match": STALE }), 412);
      expectStatus(await get({ "if-match": etag }), 200);
    },
  },
  {
    says: "DELETE with another's If-Match answers 412 and leaves the object",
    brokenBy: ["delete-conditions-ignored"],
    async check(subject) {
      const at = place(subject, "plain");
      await put(subject, at, "a");
      expectStatus(await subject.client.send({ method: "DELETE", ...at, headers: { "if-match": STALE } }), 412);
      assert.equal(await bodyOf(subject, at), "a");
    },
  },
];

/** Facts about conditional requests, on which publishing stands. */
export const conditionFacts: readonly Fact[] = [
  ...creations("plain"),
  ...creations("versioned"),
  ...replacements("plain"),
  ...replacements("versioned"),
  ...races("plain"),
  ...races("versioned"),
  ...others,
];
