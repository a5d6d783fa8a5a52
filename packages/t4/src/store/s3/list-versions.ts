import type { S3Client } from "./client.js";
import { type Element, textOf } from "./document.js";
import { decodedBy, pagesOf } from "./list-pages.js";

/** One version of an object, or the mark of a deletion. */
interface ListedVersion {
  /** From the bucket's root. */
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/**
 * Lists all versions of the keys that begin with `prefix`: page by page, each key's newest first. A page gives its
 * versions before its delete markers.
 */
export async function* listVersions(
  client: S3Client,
  prefix: string,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<ListedVersion, void, undefined> {
  const query = { versions: "", prefix, "encoding-type": "url" };
  for await (const page of pagesOf(client, { query, root: "ListVersionsResult", next, ...options })) {
    const decode = decodedBy(page);
    for (const element of page.children["Version"] ?? []) yield versionIn(element, decode, false);
    for (const element of page.children["DeleteMarker"] ?? []) yield versionIn(element, decode, true);
  }
}

function next(page: Element): Readonly<Record<string, string>> {
  const decode = decodedBy(page);
  return {
    "key-marker": decode(textOf(page, "NextKeyMarker")),
    "version-id-marker": textOf(page, "NextVersionIdMarker"),
  };
}

function versionIn(element: Element, decode: (text: string) => string, isDeleteMarker: boolean): ListedVersion {
  return {
    key: decode(textOf(element, "Key")),
    versionId: textOf(element, "VersionId"),
    isLatest: textOf(element, "IsLatest") === "true",
    isDeleteMarker,
    size: Number(textOf(element, "Size")),
    modifiedMs: Date.parse(textOf(element, "LastModified")),
  };
}
