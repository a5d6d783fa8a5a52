import assert from "node:assert/strict";
import type { Exchange, S3Client, S3Request } from "../s3/client.js";
import type { Deviation } from "../s3/deviations.js";
import { compareKeys } from "../s3/key-order.js";
import type { HttpResponse } from "../s3/message.js";
import { children, childText, readXml, type XmlNode } from "../s3/xml.js";

/** The engine that facts are asked of. */
export interface Subject {
  readonly client: S3Client;
  /** The same account with a wrong secret. */
  readonly impostor: S3Client;
  readonly anonymous: S3Client;
  /** The same account with a clock that is an hour late. */
  readonly late: S3Client;
  /** Without a signer, for presigned URLs. */
  readonly exchange: Exchange;
  readonly host: string;
  /** Sends the head and half the body of a signed PUT, then vanishes. */
  readonly vanish: (request: S3Request) => Promise<void>;
  /** How often the races are run. */
  readonly raceRounds: number;
  /** Bytes of a part that is not the last: the engine's minimum. */
  readonly minPartBytes: number;
  readonly plainBucket: string;
  /** `undefined` where versioning cannot be switched on. */
  readonly versionedBucket: string | undefined;
  /** A key, or a folder of keys, that no other fact uses. */
  readonly freshKey: () => string;
}

/** Something that T4 relies on and that is true of Amazon S3. */
export interface Fact {
  readonly says: string;
  /** Engines with one of these deviations break it. */
  readonly brokenBy?: readonly Deviation[];
  /** Of engines with one of these it is true at times: they are not asked. */
  readonly unsteadyBy?: readonly Deviation[];
  /** Rejects when it is not true of the subject. */
  readonly check: (subject: Subject) => Promise<void>;
}

/** The two kinds of buckets that facts are asked of. */
export type BucketKind = "plain" | "versioned";

/** The subject's bucket of one kind. */
export function bucketOf(subject: Subject, kind: BucketKind): string {
  const name = kind === "plain" ? subject.plainBucket : subject.versionedBucket;
  assert(name !== undefined, "the engine has no versioned buckets");
  return name;
}

/** The error code in an answer's document; empty when there is none. */
export function codeOf(response: HttpResponse): string {
  return /<Code>([^<]*)<\/Code>/.exec(textOf(response))?.[1] ?? "";
}

/** An answer's body as text. */
export function textOf({ body }: HttpResponse): string {
  return Buffer.from(body).toString();
}

/** Asserts a status, naming the error that came instead. */
export function expectStatus(response: HttpResponse, ...wanted: readonly number[]): HttpResponse {
  const { status } = response;
  assert(
    wanted.includes(status),
    `wanted ${wanted.join(" or ")}, got ${status} ${codeOf(response)} ${textOf(response).slice(0, 300)}`,
  );
  return response;
}

/** The root element of an answer's document. */
export function rootOf(response: HttpResponse, name: string): XmlNode {
  expectStatus(response, 200);
  return readXml(response.body, name);
}

/** One text of every child element of a name. */
export function textsOf(node: XmlNode, name: string, inner: string): (string | undefined)[] {
  return children(node, name).map((child) => childText(child, inner));
}

/** Puts an object and returns the answer, which must be 200. */
export async function put(
  subject: Subject,
  place: Pick<S3Request, "headers"> & { readonly bucket: string; readonly key: string },
  body: string | Uint8Array,
): Promise<HttpResponse> {
  return expectStatus(await subject.client.send({ method: "PUT", ...place, body }), 200);
}

/** The present body of an object as text. */
export async function bodyOf(
  subject: Subject,
  place: { readonly bucket: string; readonly key: string },
): Promise<string> {
  return textOf(expectStatus(await subject.client.send({ method: "GET", ...place }), 200));
}

/** Texts in the order of listings. */
export function inOrder(texts: readonly (string | undefined)[]): string[] {
  return texts.map((text) => text ?? "").sort(compareKeys);
}

/**
 * Checks a fact of an engine with known deviations.
 *
 * @throws Error when it is not true, or when it is true although a deviation says that it is not.
 */
export async function verifyFact(fact: Fact, subject: Subject, deviations: ReadonlySet<Deviation>): Promise<void> {
  if (fact.unsteadyBy?.some((deviation) => deviations.has(deviation)) === true) return;
  const broken = (fact.brokenBy ?? []).filter((deviation) => deviations.has(deviation));
  if (broken.length === 0) {
    await fact.check(subject);
    return;
  }
  const holds = await fact.check(subject).then(
    () => true,
    () => false,
  );
  assert(!holds, `True, although the profile has ${broken.join(", ")}: the engine has changed, and its profile must.`);
}
