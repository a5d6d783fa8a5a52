import { T4Error } from "../../base/errors.js";
import type { S3Client } from "./client.js";
import { headObject } from "./get-object.js";
import { type Base, logIn } from "./metadata.js";
import type { Headers } from "./transport.js";

/**
 * How a server takes conditions on writes: with the ETag as it gave it, with the ETag bare of its quotes, or not in a way
 * that holds in a race.
 */
export type Conditions = "quoted" | "bare" | "unsound";

/** What was found out of a bucket by trying it out. */
export interface Tried {
  readonly conditions: Conditions;
  /** Conditions of one bucket may hold without versions and not with them. */
  readonly isVersioned: boolean;
}

/** Keeps between processes what trying a bucket out has shown. */
export interface TrialMemory {
  recall(): Tried | undefined;
  remember(tried: Tried): void;
}

/** What must hold when something is written: `undefined`: nothing; `"absent"`; or the state that was read. */
export type Condition = undefined | "absent" | Base;

/** The headers of a condition. */
export function conditionHeaders(condition: Condition, conditions: Conditions): Headers {
  if (condition === undefined || conditions === "unsound") return {};
  if (condition === "absent") return { "if-none-match": "*" };
  return { "if-match": conditions === "bare" ? condition.etag.replaceAll('"', "") : condition.etag };
}

/** Whether a condition holds now. */
export async function holdsNow(
  client: S3Client,
  key: string,
  asked: { readonly condition: Condition; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { condition, signal } = asked;
  if (condition === undefined) return true;
  const present = await headObject(client, key, { signal });
  if (condition === "absent" || present === undefined) return condition === "absent" && present === undefined;
  return present.etag === condition.etag && logIn(present.headers)[0] === condition.log[0];
}

/** What is done on a server that keeps no conditions: nothing; or it is looked first, and collisions are told by others. */
export type Collisions = "refused" | "reported";

/**
 * How the server takes a condition that something depends on; `"unsound"` only where collisions are reported.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when it does not keep conditions.
 */
export async function usableConditions({
  client,
  conditions,
  collisions,
}: {
  readonly client: S3Client;
  readonly conditions: () => Promise<Conditions>;
  readonly collisions: Collisions;
}): Promise<Conditions> {
  const found = await conditions();
  if (found !== "unsound" || collisions === "reported") return found;
  throw new T4Error(
    "ERR_T4_UNSUPPORTED",
    `The server of s3://${client.bucket} does not keep conditions on writes: two writers at once would not notice each other.`,
    {
      hint: "Reading works. To write, take a server that keeps them, such as Amazon S3, or a folder; Ceph keeps them in buckets without versions. Or have pushes that met reported: collisions: reported in config.yml, see the guide to buckets.",
      facts: { bucket: client.bucket },
    },
  );
}
