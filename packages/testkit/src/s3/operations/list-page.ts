import type { Call } from "../call.js";
import { compareKeys, lowerBound } from "../key-order.js";
import { S3Error } from "../s3-error.js";

/** What a listing asks for, of objects, versions and uploads alike. */
export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes after it. */
  readonly after: string;
  readonly maxKeys: number;
  /** Keys in the answer are percent-encoded. */
  readonly isEncoded: boolean;
}

/** A page of a listing: keys and common prefixes in one order. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** Last key or prefix of the page. */
  readonly last: string;
}

/** Reads the parameters that all listings share. */
export function listRequest(call: Call, after: string): ListRequest {
  const { query, service } = call;
  const limit = Number(query.get("max-keys") ?? query.get("max-uploads") ?? service.limits.maxKeys);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new S3Error("InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  const encoding = query.get("encoding-type");
  if (encoding !== undefined && encoding !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after,
    maxKeys: Math.min(limit, service.limits.maxKeys),
    isEncoded: encoding === "url" && !service.has("listings-unencoded"),
  };
}

/** Cuts a page from sorted keys; `itemsOf` gives a key's items (none: the key is not there), all of which stay on one page. */
export function listPage<T>(
  keys: readonly string[],
  request: ListRequest,
  itemsOf: (key: string) => readonly T[],
): ListPage<T> {
  const { prefix, delimiter, after, maxKeys } = request;
  const items: T[] = [];
  const prefixes: string[] = [];
  let last = after;
  for (let i = lowerBound(keys, prefix > after ? prefix : after); i < keys.length; i++) {
    const key = keys[i] as string;
    if (!key.startsWith(prefix)) {
      if (compareKeys(key, prefix) > 0) break;
      continue;
    }
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (name === last || compareKeys(name, after) <= 0) continue;
    const found = itemsOf(key);
    if (found.length === 0) continue;
    if (items.length + prefixes.length >= maxKeys) return { items, prefixes, isTruncated: maxKeys > 0, last };
    if (cut < 0) items.push(...found);
    else prefixes.push(name);
    last = name;
  }
  return { items, prefixes, isTruncated: false, last };
}

/** A key as the answer writes it: percent-encoded with `+` for a space when that was asked for. */
export function keyWriter({ isEncoded }: ListRequest): (key: string) => string {
  if (!isEncoded) return (key) => key;
  return (key) => encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
}
