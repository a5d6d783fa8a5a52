import type { Json, JsonObject } from "./json-value.js";

/** The hash of one object's bytes, as the manifest holds it. */
export interface ObjectHash {
  /** `sha2-256-chunked`, `SHA256` or `CRC64NVME`; other types are kept but cannot be verified. */
  readonly type: string;
  /** Hexadecimal for `SHA256`, base64 for the others. */
  readonly value: string;
  /** The whole object where a foreign writer put more into it than type and value; it is hashed and re-written as it is. */
  readonly raw?: JsonObject;
}

/** What `set` saw of a local file: the same file is expected when it is hashed or copied. Times are milliseconds. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly device: number;
}

/** One file of a package: a line of the manifest with physical keys. */
export interface Entry {
  /** Path inside the package, components separated by `/`. */
  readonly logicalKey: string;
  /** URLs of the bytes; one in practice, the first is used. Empty only while the bytes are still in memory (`content`). */
  readonly physicalKeys: readonly string[];
  /** Bytes; an integer ≥ 0 in every healthy manifest, but old manifests may hold any JSON, which is hashed as it is. */
  readonly size: Json;
  /** `null` until the package is built. */
  readonly hash: ObjectHash | null;
  /**
   * The whole metadata object: `user_meta` beside system members such as `format`. An empty map when there is none;
   * foreign manifests may hold any JSON, which is hashed as it is.
   */
  readonly meta: Json;
  /** The local file as `set` saw it; never in a manifest. */
  readonly stamp?: FileStamp;
  /** The state of an object in a bucket without versions as `set` saw it, in quotes; never in a manifest. */
  readonly etag?: string;
  /** Bytes given in memory (`setBytes`) and not yet stored; never in a manifest. */
  readonly content?: Uint8Array;
}

/** The metadata of an entry that has none. */
export const NO_META: JsonObject = new Map();

/** The user's metadata in that of an entry; `undefined` when there is none. */
export function entryUserMeta(meta: Json): Json | undefined {
  return meta instanceof Map ? (meta as JsonObject).get("user_meta") : undefined;
}

/** Whether an entry's metadata says anything. */
export function hasMeta(meta: Json): boolean {
  return !(meta instanceof Map) || meta.size > 0;
}

type Sized = Pick<Entry, "size" | "hash">;

/** Whether two entries have the same bytes, as far as their sizes and hashes show it: not when there is no hash yet. */
export function sameContent(a: Sized, b: Sized): boolean {
  return a.size === b.size && a.hash !== null && a.hash.type === b.hash?.type && a.hash.value === b.hash.value;
}
