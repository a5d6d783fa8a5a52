import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { T4Error } from "../../base/errors.js";
import { locations } from "../../config/locations.js";
import type { RandomAccess } from "../../content/format.js";
import { fileUrl, parsePhysicalKey } from "../../format/physical-key.js";
import { fixUrl } from "../../format/user-url.js";
import { fileStore } from "../../store/file/file-store.js";
import type { Store } from "../../store/store.js";

/** Where the tables of an export are: a folder, or a place in a bucket. */
export interface Destination {
  readonly store: Store;
  /** Absolute path, or `s3://bucket[/prefix]`. */
  readonly location: string;
  /** What engines call an object: `file:///…` or `s3://…`, with nothing escaped. */
  readonly locate: (key: string) => string;
  /** The key of what an engine calls so; `undefined`: it is elsewhere. */
  readonly keyOf: (location: string) => string | undefined;
}

/** Files of T4's own; engines pass over names that begin with a dot. */
const OWN = ".t4-export/";
/** Where parts wait that are in one of their tables, or in none. */
export const STAGED = `${OWN}parts/`;
/** Nobody works on a part for so long. */
const ABANDONED_MS = 24 * 3600 * 1000;
/** Smaller objects are read whole: it costs no more requests than a part of them. */
const WHOLE_BYTES = 1 << 20;

/**
 * Finds where an export goes; nothing is asked or made yet.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a URL that names no place in a bucket.
 */
export async function openDestination(dest: string): Promise<Destination> {
  const place = parsePhysicalKey(fixUrl(dest, { cwd: process.cwd(), home: locations().home }));
  if (place.kind === "file") return folder(resolve(place.path));
  const { bucket, versionId } = place;
  const prefix = place.key.replace(/\/+$/, "");
  if (versionId !== undefined || !isPlain(prefix)) throw badPlace(dest);
  const { openBucket } = await import("../sources/open-bucket.js");
  const root = `${bucket}/${prefix === "" ? "" : `${prefix}/`}`;
  return {
    store: await openBucket(bucket, { prefix, isTrusted: true }),
    location: `s3://${root}`.replace(/\/$/, ""),
    locate: (key) => `s3://${root}${key}`,
    // Other engines call it by the names of their clients.
    keyOf: (location) => keyBelow(root, /^s3[an]?:\/\//.test(location) ? location.replace(/^\w+:\/\//, "") : undefined),
  };
}

function folder(root: string): Destination {
  const posix = root.replaceAll("\\", "/").replace(/^\/*|\/*$/g, "");
  return {
    store: fileStore(root, { stateKey: OWN.slice(0, -1), url: fileUrl(root) }),
    location: root,
    locate: (key) => `file:///${posix}/${key}`,
    keyOf: (location) => keyBelow(`${posix}/`, location.replace(/^(?:file:)?\/+/, "")),
  };
}

function keyBelow(root: string, path: string | undefined): string | undefined {
  return path?.startsWith(root) === true ? path.slice(root.length) : undefined;
}

function isPlain(prefix: string): boolean {
  return prefix === "" || prefix.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function badPlace(dest: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `Cannot export to ${dest}: expected a folder or s3://bucket[/prefix].`, {
    hint: "A prefix has no empty, '.' or '..' parts, and no version.",
    facts: { dest },
  });
}

/** Brings a local file to a key that must be free; `false`: it is not. */
export async function placeFile(
  { store }: Destination,
  path: string,
  { key, signal }: { readonly key: string; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const writer = store.createWriter();
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      signal?.throwIfAborted();
      writer.write(chunk as Uint8Array);
    }
    return await writer.finish(key, "create");
  } finally {
    await writer.discard();
  }
}

/** An object of any size, for reads at any place. */
export async function openObject({ store }: Destination, key: string): Promise<RandomAccess> {
  const found = await store.head(key);
  if (found === undefined) throw missing(store.url, key);
  const read = async (range?: readonly [number, number]): Promise<Uint8Array> => {
    const object = await store.get(key, range && { range });
    if (object === undefined) throw missing(store.url, key);
    return object.bytes;
  };
  // A local file is read whole anyway.
  if (store.inBucket !== undefined && found.size > WHOLE_BYTES)
    return { size: found.size, read: (start, end) => read([start, end]) };
  const bytes = await read();
  return { size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) };
}

/** Reads a small object whole. */
export async function readObject({ store }: Destination, key: string): Promise<Uint8Array> {
  const object = await store.get(key);
  if (object === undefined) throw missing(store.url, key);
  return object.bytes;
}

/** An export without a file that it needs. */
export function missing(url: string, key: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `The export ${url} is damaged: ${key} is not there.`, {
    hint: "Somebody removed it. Bring it back, or export to another place and remove this one.",
    facts: { url, key },
  });
}

/** Removes what exports that were killed left half-done long ago. */
export async function tidy({ store }: Destination): Promise<void> {
  const before = Date.now() - ABANDONED_MS;
  for (const prefix of [STAGED, `${OWN}tmp/`]) {
    for await (const item of store.list(prefix))
      if ("key" in item && item.modifiedMs < before) await store.deleteIfOlder(item.key, before);
  }
}
