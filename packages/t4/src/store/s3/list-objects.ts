import { compareCodePoints } from "../../base/code-points.js";
import type { Listed, ListOptions } from "../store.js";
import type { S3Client } from "./client.js";
import { type Element, textOf } from "./document.js";
import { decodedBy, pagesOf } from "./list-pages.js";

/** Lists objects whose keys begin with `prefix`; keys are from the bucket's root. */
export async function* listObjects(
  client: S3Client,
  prefix: string,
  { delimiter, signal }: ListOptions,
): AsyncGenerator<Listed, void, undefined> {
  const query = {
    "list-type": "2",
    prefix,
    "encoding-type": "url",
    ...(delimiter === undefined ? {} : { delimiter }),
  };
  const paging = { query, root: "ListBucketResult", next };
  for await (const page of pagesOf(client, { ...paging, signal })) yield* itemsIn(page);
}

/** Objects and prefixes of a page in one order: the document has them apart. */
function itemsIn(page: Element): readonly Listed[] {
  const decode = decodedBy(page);
  const objects = (page.children["Contents"] ?? []).map((element) => ({
    key: decode(textOf(element, "Key")),
    size: Number(textOf(element, "Size")),
    modifiedMs: Date.parse(textOf(element, "LastModified")),
  }));
  const prefixes = (page.children["CommonPrefixes"] ?? []).map((element) => ({
    prefix: decode(textOf(element, "Prefix")),
  }));
  if (prefixes.length === 0) return objects;
  return [...objects, ...prefixes].sort((a, b) => compareCodePoints(nameOf(a), nameOf(b)));
}

function next(page: Element): Readonly<Record<string, string>> {
  return { "continuation-token": textOf(page, "NextContinuationToken") };
}

function nameOf(item: Listed): string {
  return "key" in item ? item.key : item.prefix;
}
