import { documentIn, unreadable } from "./answer-document.js";
import type { S3Client } from "./client.js";
import { type Element, textOf } from "./document.js";

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
    const answer = await client.send({ method: "GET", query, expects: [200], signal: paging.signal });
    const page = documentIn(client, answer, paging.root);
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
