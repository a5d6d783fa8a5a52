import { T4Error } from "../../base/errors.js";
import type { S3Client } from "./client.js";
import { childOf, type Element, readDocument } from "./document.js";
import type { S3Answer } from "./request.js";

/**
 * The root of an answer's document; the name that it must have, unless servers give it different ones.
 *
 * @throws {@link T4Error} `ERR_T4_IO` when the answer is another.
 */
export function documentIn(client: S3Client, { body }: Pick<S3Answer, "body">, root?: string): Element {
  let document: Element;
  try {
    document = readDocument(body);
  } catch (error) {
    throw unreadable(client, error instanceof Error ? error.message : String(error));
  }
  const found = childOf(document, root ?? Object.keys(document.children)[0] ?? "");
  if (found === undefined) throw unreadable(client, `expected ${root}`);
  return found;
}

/** Whether an answer is a document of this name: else a success may be that of something between here and the server. */
export function isDocument(client: S3Client, answer: Pick<S3Answer, "body">, root: string): boolean {
  try {
    documentIn(client, answer, root);
    return true;
  } catch {
    return false;
  }
}

/** The error for an answer that is none of S3's. */
export function unreadable(client: S3Client, why: string): T4Error {
  return new T4Error("ERR_T4_IO", `An answer of the server of s3://${client.bucket} cannot be read: ${why}.`, {
    hint: "Check that the endpoint is an S3 server.",
    facts: { bucket: client.bucket },
  });
}
