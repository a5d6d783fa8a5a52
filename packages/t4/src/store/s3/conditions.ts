import type { S3Client } from "./client.js";
import { headObject } from "./get-object.js";
import { type Base, logIn } from "./metadata.js";
import type { Headers } from "./transport.js";

/**
 * How a server takes conditions on writes: with the ETag as it gave it, with the ETag bare of its quotes, or not in a way
 * that a race leaves sound, in which case T4 looks first and writes then.
 */
export type Conditions = "quoted" | "bare" | "none";

/** What must hold when something is written: `undefined`: nothing; `"absent"`; or the state that was read. */
export type Condition = undefined | "absent" | Base;

/** The headers of a condition. */
export function conditionHeaders(condition: Condition, conditions: Conditions): Headers {
  if (condition === undefined || conditions === "none") return {};
  if (condition === "absent") return { "if-none-match": "*" };
  return { "if-match": conditions === "bare" ? condition.etag.replaceAll('"', "") : condition.etag };
}

/** Whether a condition holds now; for servers that cannot be trusted with it. */
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
