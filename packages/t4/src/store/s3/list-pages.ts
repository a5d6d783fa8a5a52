import { T4Error } from "../../base/errors.js";
import type { S3Client } from "./client.js";
import { childOf, type Element, readDocument, textOf } from "./document.js";

/** A listing that comes in pages. */
export interface Paging {
  readonly query: Readonly<Record<string, string>>;
  /** Name of the document's root. */
  readonly root: string;
  /** What the query for the page after this one adds. */
  readonly next: (page: Element) => Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The pages of a listing, up to 1,000 items each; one request per page. */
export async function* pagesOf(client: S3Client, paging: Paging): AsyncGenerator<Element, void, undefined> {
  let more: Readonly<Record<string, string>> = {};
  for (;;) {
    const query = { ...paging.query, ...more };
    const { body } = await client.send({ method: "GET", query, expects: [200], signal: paging.signal });
    const page = pageIn(client, paging.root, body);
    yield page;
    if (textOf(page, "IsTruncated") !== "true") return;
    const following = paging.next(page);
    // A server that leads in circles must not keep us for ever.
    if (Object.entries(following).every(([name, value]) => more[name] === value))
      throw unreadable(client, "it repeats a page");
    more = following;
  }
}

/** How keys stand in a page: percent-encoded with `+` for a space, unless the server does not know how. */
export function decodedBy(page: Element): (text: string) => string {
  if (textOf(page, "EncodingType") !== "url") return (text) => text;
  return (text) => decodeURIComponent(text.replaceAll("+", "%20"));
}

function pageIn(client: S3Client, root: string, body: Uint8Array): Element {
  let page: Element | undefined;
  try {
    page = childOf(readDocument(body), root);
  } catch (error) {
    throw unreadable(client, error instanceof Error ? error.message : String(error));
  }
  if (page === undefined) throw unreadable(client, `expected ${root}`);
  return page;
}

function unreadable(client: S3Client, why: string): T4Error {
  return new T4Error("ERR_T4_IO", `The listing of s3://${client.bucket} cannot be read: ${why}.`, {
    hint: "Check that the endpoint is an S3 server.",
    facts: { bucket: client.bucket },
  });
}
