import { isT4Error, T4Error } from "../base/errors.js";
import { quote, quotePlus, unquote, unquotePlus } from "./percent.js";

/** Where bytes are: a local file by its absolute path, or an object in a bucket. */
export type PhysicalKey =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string; readonly versionId?: string };

/**
 * Reads the URL of a physical key (`file:` or `s3:`), leniently like Python's `urlparse`: `..` in a bucket key stays.
 *
 * Source: Quilt 3's `PhysicalKey.from_url`.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for another scheme, a relative path, a foreign host or an unknown query.
 */
export function parsePhysicalKey(url: string): PhysicalKey {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/s.exec(url);
  const [, scheme = "", host = "", path = "", query = ""] = parts ?? [];
  switch (scheme.toLowerCase()) {
    case "s3":
      return parseS3(url, { bucket: host, path, query });
    case "file":
      return parseFile(url, { host, path, query });
    default:
      return fail(url, "expected a URL that starts with file:// or s3://");
  }
}

function parseS3(
  url: string,
  parts: { readonly bucket: string; readonly path: string; readonly query: string },
): PhysicalKey {
  if (parts.bucket === "") fail(url, "it names no bucket");
  const versionId = versionOf(url, parts.query);
  const key = unquote(parts.path.slice(1));
  return { kind: "s3", bucket: parts.bucket, key, versionId };
}

/** The only query an S3 key may carry; of several the first counts, and an empty one is none. */
function versionOf(url: string, query: string): string | undefined {
  const fields = query
    .split("&")
    .filter((field) => field !== "")
    .map((field) => field.split("=", 2));
  const known = fields.filter(([, value]) => value !== undefined && value !== "");
  const unknown = known.find(([name = ""]) => unquotePlus(name) !== "versionId");
  if (unknown !== undefined) fail(url, "expected no query but versionId");
  const version = known[0]?.[1];
  return version === undefined ? undefined : unquotePlus(version);
}

function parseFile(
  url: string,
  parts: { readonly host: string; readonly path: string; readonly query: string },
): PhysicalKey {
  if (parts.host !== "" && parts.host !== "localhost") fail(url, "a file URL names no host");
  if (parts.query !== "") fail(url, "a file URL has no query");
  if (!parts.path.startsWith("/")) fail(url, "expected an absolute path");
  const path = unquote(parts.path);
  // `file:///C:/x` is the Windows path `C:/x`.
  return { kind: "file", path: /^\/[A-Za-z]:(?:\/|$)/.test(path) ? path.slice(1) : path };
}

function fail(url: string, reason: string): never {
  const shown = JSON.stringify(url.split("?")[0]);
  throw new T4Error("ERR_T4_FORMAT", `Invalid physical key ${shown}: ${reason}.`, {
    hint: "A place is s3://bucket/key, file:///path or a path.",
    facts: { url: url.split("?")[0] ?? "" },
  });
}

/** Writes a physical key as manifests hold it; the inverse of {@link parsePhysicalKey}. */
export function formatPhysicalKey(physicalKey: PhysicalKey): string {
  if (physicalKey.kind === "file") return fileUrl(physicalKey.path);
  const { bucket, key, versionId } = physicalKey;
  return `s3://${bucket}/${quote(key)}${versionId === undefined ? "" : `?versionId=${quotePlus(versionId)}`}`;
}

/**
 * A place as people read it: of a `file:` URL its path, which can be pasted into a shell; any other URL as it is.
 *
 * @example
 * ```ts
 * import { openRegistry, pathOrUrl } from "t4";
 * console.log(pathOrUrl((await openRegistry("./my registry")).url)); // …/my registry
 * ```
 */
export function pathOrUrl(url: string): string {
  try {
    const key = parsePhysicalKey(url);
    return key.kind === "file" ? key.path : url;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_FORMAT")) return url;
    throw error;
  }
}

/** The URL of an absolute path, with `/` or (Windows) `\` between its parts. */
export function fileUrl(path: string): string {
  const drive = /^([A-Za-z]:)[\\/]/.exec(path);
  if (drive?.[1] !== undefined) return `file:///${drive[1]}${quote(path.slice(2).replaceAll("\\", "/"))}`;
  return `file://${quote(path)}`;
}
