import type { Call } from "./call.js";
import { S3Error } from "./s3-error.js";

const KEPT =
  /^(x-amz-meta-.+|content-type|content-encoding|content-disposition|content-language|cache-control|expires)$/;
/** How an object is stored, which no copy takes from its source. */
const STORAGE = /^x-amz-(storage-class|server-side-encryption(-.+)?)$/;
const MAX_METADATA_BYTES = 2048;

/**
 * The headers of a write that are kept with the object.
 *
 * @throws {@link S3Error} `MetadataTooLarge`.
 */
export function keptHeaders({ headers }: Pick<Call, "headers">): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  const metadata = kept.filter(([name]) => name.startsWith("x-amz-meta-"));
  const bytes = metadata.reduce(
    (sum, [name, value]) => sum + name.length - "x-amz-meta-".length + Buffer.byteLength(value),
    0,
  );
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  }
  return { ...contentHeaders(kept), ...storageHeaders({ headers }) };
}

/** The headers of a write that say how the object is stored. */
export function storageHeaders({ headers }: Pick<Call, "headers">): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => STORAGE.test(name)));
}

/** The headers of an object that a copy of it keeps. */
export function copiedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !STORAGE.test(name)));
}

function contentHeaders(kept: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const own = kept.map(([name, value]): [string, string] => [
    name,
    name === "content-encoding" ? value.replace(/(^|,)\s*aws-chunked\s*/g, "").replace(/^,\s*/, "") : value,
  ]);
  return Object.fromEntries(own.filter(([name, value]) => name !== "content-encoding" || value !== ""));
}
