import { open, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { systemCode, T4Error } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { locations } from "../../config/locations.js";
import type { JsonObject } from "../../format/json-value.js";
import { fileUrl, formatPhysicalKey, parsePhysicalKey } from "../../format/physical-key.js";
import { STATE } from "../../format/registry-layout.js";
import { fixUrl } from "../../format/user-url.js";
import { fileStore } from "../../store/file/file-store.js";
import { realPath } from "../../store/file/local-file.js";
import { readExactly } from "../../store/file/read-exactly.js";
import type { S3Store } from "../../store/s3/s3-store.js";
import type { Store } from "../../store/store.js";
import { objectMetadata } from "./object-metadata.js";

/** Bytes that can be read at any place; `close` it. */
export interface OpenBytes {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** How an object is written. */
interface WriteObject {
  /** Headers with the object's metadata; a folder takes none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A bucket or folder, and what a store cannot say of both in one way. */
export interface ObjectStore {
  readonly store: Store;
  /** The URL of an object. */
  readonly urlOf: (key: string) => string;
  /** Where an object is with all that is above it, by whatever name or link the place was opened; slashes between its parts. */
  readonly wholePath: (key: string) => string;
  readonly write: (key: string, bytes: OpenBytes, options: WriteObject) => Promise<void>;
  /** Metadata of an object; `undefined`: there is no object. */
  readonly metadata: (key: string) => Promise<JsonObject | undefined>;
  /** Replaces the metadata of an object by what `change` makes of them, unless it changes meanwhile. */
  readonly changeMetadata: (
    key: string,
    change: (before: JsonObject) => Readonly<Record<string, string>>,
  ) => Promise<void>;
}

/** Opens a bucket or folder; nothing is asked or made yet. */
export async function openObjects(location: string): Promise<ObjectStore> {
  const place = parsePhysicalKey(fixUrl(location, { cwd: process.cwd(), home: locations().home }));
  if (place.kind === "file") return folder(place.path);
  const prefix = place.key.replace(/\/+$/, "");
  const { openBucket } = await import("../sources/open-bucket.js");
  return bucket(place.bucket, prefix, await openBucket(place.bucket, { prefix, isTrusted: true }));
}

function bucket(name: string, prefix: string, store: S3Store): ObjectStore {
  const { inBucket } = store;
  const wholePath = (key: string): string => (prefix === "" ? key : `${prefix}/${key}`);
  return {
    store,
    urlOf: (key) => formatPhysicalKey({ kind: "s3", bucket: name, key: wholePath(key) }),
    wholePath,
    async write(key, bytes, { metadata, signal }) {
      await store.upload(key, bytes, { mode: "overwrite", ...(metadata && { metadata }), ...(signal && { signal }) });
    },
    async metadata(key) {
      const found = await store.inspect(key);
      return found && objectMetadata(found.headers);
    },
    async changeMetadata(key, change) {
      const found = await store.inspect(key);
      if (found === undefined) throw noObject(key, store.url);
      const headers = { ...found.headers, ...change(objectMetadata(found.headers)) };
      const source = { ...found, bucket: name, key: inBucket.keyOf(key), headers };
      const { written } = await store.copyFrom(source, key);
      if (!written) throw changedMeanwhile(key, store.url);
    },
  };
}

/** Pieces in which a file is copied. */
const PIECE_BYTES = 8 << 20;

function folder(root: string): ObjectStore {
  const url = fileUrl(root);
  const store = fileStore(root, { stateKey: STATE.slice(0, -1), url });
  return {
    store,
    urlOf: (key) => fileUrl(join(root, key)),
    wholePath: (key) => realPath(join(root, key)).split(sep).join("/"),
    async write(key, bytes, { metadata, signal }) {
      if (metadata !== undefined) throw noMetadata(url);
      const writer = store.createWriter();
      try {
        // An empty file is one piece, too.
        for (let at = 0; at === 0 || at < bytes.size; at += PIECE_BYTES) {
          signal?.throwIfAborted();
          writer.write(await bytes.read(at, Math.min(bytes.size, at + PIECE_BYTES)));
        }
        await writer.finish(key, "overwrite");
      } finally {
        await writer.discard();
      }
    },
    metadata: async (key) => ((await store.head(key)) === undefined ? undefined : new Map()),
    async changeMetadata(key) {
      throw (await store.head(key)) === undefined ? noObject(key, url) : noMetadata(url);
    },
  };
}

/** Bytes in memory. */
export function bytesOf(bytes: Uint8Array): OpenBytes {
  return {
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
    close: async () => undefined,
  };
}

/**
 * Opens a local file.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_USAGE` for what is no file; from its `read` `ERR_T4_SOURCE_CHANGED` when the
 * file became shorter.
 */
export async function bytesOfFile(path: string): Promise<OpenBytes> {
  const found = await stat(path).catch((error: unknown) => {
    throw systemCode(error) === "ENOENT" ? noFile(path) : ioError(`read ${path}`, error);
  });
  if (!found.isFile()) throw notFile(path);
  const file = await open(path, "r").catch((error: unknown) => {
    throw ioError(`read ${path}`, error);
  });
  const { size } = await file.stat();
  return {
    size,
    async read(start, end) {
      const piece = await readExactly(file.fd, start, end);
      if (piece !== undefined) return piece;
      throw new T4Error("ERR_T4_SOURCE_CHANGED", `${path} became shorter while it was read.`, {
        hint: "Wait until nothing writes to the file, then repeat.",
        facts: { path },
      });
    },
    close: () => file.close(),
  };
}

function noFile(path: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, {
    hint: "A relative path starts at the working directory.",
    facts: { path },
  });
}

function notFile(path: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `${path} is no regular file.`, {
    hint: "A directory is for putDir.",
    facts: { path },
  });
}

/** The error for a key without an object. */
export function noObject(key: string, url: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `There is no object ${JSON.stringify(key)} in ${url}.`, {
    hint: "Bucket.ls lists what is there; a key that ends in a slash is a directory.",
    facts: { key, bucket: url },
  });
}

function changedMeanwhile(key: string, url: string): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `The object ${JSON.stringify(key)} in ${url} was changed meanwhile.`, {
    hint: "Its metadata stayed as it was: look at the object, and set it again.",
    facts: { key, bucket: url },
  });
}

function noMetadata(url: string): T4Error {
  return new T4Error("ERR_T4_UNSUPPORTED", `${url} is a folder, and keeps no metadata of files.`, {
    hint: "Put the files into a package: its entries have metadata.",
    facts: { bucket: url },
  });
}
