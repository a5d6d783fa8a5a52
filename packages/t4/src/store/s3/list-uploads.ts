import type { UnfinishedUpload } from "../store.js";
import type { S3Client } from "./client.js";
import { type Element, textOf } from "./document.js";
import { decodedBy, pagesOf } from "./list-pages.js";

/** Lists uploads in parts that have no end, of keys that begin with `prefix`; keys are from the bucket's root. */
export async function* listUploads(
  client: S3Client,
  prefix: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<UnfinishedUpload, void, undefined> {
  const query = { uploads: "", prefix, "encoding-type": "url" };
  const paging = { query, root: "ListMultipartUploadsResult", next };
  for await (const page of pagesOf(client, { ...paging, ...(signal && { signal }) })) {
    const decode = decodedBy(page);
    for (const upload of page.children["Upload"] ?? []) {
      const startedMs = Date.parse(textOf(upload, "Initiated"));
      yield { key: decode(textOf(upload, "Key")), uploadId: textOf(upload, "UploadId"), startedMs };
    }
  }
}

function next(page: Element): Readonly<Record<string, string>> {
  const keyMarker = decodedBy(page)(textOf(page, "NextKeyMarker"));
  return { "key-marker": keyMarker, "upload-id-marker": textOf(page, "NextUploadIdMarker") };
}
