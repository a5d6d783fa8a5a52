import type { ObjectVersion } from "../bucket.js";
import { bucketOf, type Call, document } from "../call.js";
import type { HttpResponse } from "../message.js";
import type { XmlContent } from "../xml.js";
import { listed } from "./list-objects.js";
import { keyWriter, type ListRequest, listPage, listRequest } from "./list-page.js";

interface ListedVersion {
  readonly version: ObjectVersion;
  readonly isLatest: boolean;
}

/** ListObjectVersions: newest first within a key. */
export function listObjectVersions(call: Call): HttpResponse {
  const { query } = call;
  const { objects, name, owner } = bucketOf(call);
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = query.get("version-id-marker") ?? "";
  const request = listRequest(call, keyMarker);
  const rest = idMarker === "" ? [] : versionsAfter(objects.history(keyMarker), idMarker);
  const page = listPage(objects.keys(), request, (key) => all(objects.history(key)));
  const { shown, isTruncated, last } = cut([...rest, ...page.items], page, request);
  const write = keyWriter(request);
  const element = ({ version, isLatest }: ListedVersion): XmlContent => ({
    Key: write(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest,
    ...(version.isDeleteMarker ? { LastModified: new Date(version.modifiedMs).toISOString() } : listed(version)),
    Owner: { ID: owner },
  });
  return document("ListVersionsResult", {
    Name: name,
    Prefix: write(request.prefix),
    KeyMarker: write(keyMarker),
    VersionIdMarker: idMarker,
    Delimiter: request.delimiter === "" ? undefined : write(request.delimiter),
    EncodingType: request.isEncoded ? "url" : undefined,
    MaxKeys: request.maxKeys,
    IsTruncated: isTruncated,
    NextKeyMarker: isTruncated ? write(last?.version.key ?? page.last) : undefined,
    NextVersionIdMarker: isTruncated ? last?.version.versionId : undefined,
    Version: shown.filter(({ version }) => !version.isDeleteMarker).map(element),
    DeleteMarker: shown.filter(({ version }) => version.isDeleteMarker).map(element),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: write(prefix) })),
  });
}

const all = (history: readonly ObjectVersion[]): readonly ListedVersion[] =>
  history.map((version, i) => ({ version, isLatest: i === 0 }));

function versionsAfter(history: readonly ObjectVersion[], idMarker: string): readonly ListedVersion[] {
  const at = history.findIndex(({ versionId }) => versionId === idMarker);
  return at < 0 ? [] : all(history).slice(at + 1);
}

interface CutVersions {
  readonly shown: readonly ListedVersion[];
  readonly isTruncated: boolean;
  readonly last: ListedVersion | undefined;
}

/** Versions of one key may go on on the next page: the page of keys is cut to the page of versions. */
function cut(
  found: readonly ListedVersion[],
  page: { readonly prefixes: readonly string[]; readonly isTruncated: boolean },
  request: ListRequest,
): CutVersions {
  const room = Math.max(0, request.maxKeys - page.prefixes.length);
  const shown = found.slice(0, room);
  const isCut = found.length > room;
  return { shown, isTruncated: isCut || page.isTruncated, last: isCut ? shown.at(-1) : undefined };
}
