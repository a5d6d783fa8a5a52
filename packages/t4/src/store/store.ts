/** Identifies one state of one object for conditional writes; opaque to callers. */
export type Version = string & { readonly __brand: "Version" };

/** Small facts a store keeps with an object and writes atomically with it: S3 user metadata; the turn's slot file in a folder. */
export type Note = Readonly<Record<string, string>>;

/** What a write requires of the object's present state. A compare-and-swap is a value, not a family of methods. */
export type PutMode = "overwrite" | "create" | { readonly replaces: Version | undefined };

/** Options of {@link Store.put}. */
export interface PutOptions {
  /**
   * `create` fails if the object exists; `{ replaces }` fails unless the object is still that version (`undefined`: absent).
   * Default `overwrite`.
   */
  readonly mode?: PutMode;
  /** Kept with the object; only with `{ replaces }`. */
  readonly note?: Note;
  readonly signal?: AbortSignal;
}

/** Options of {@link Store.get}. */
interface GetOptions {
  /** Half-open, in bytes. */
  readonly range?: readonly [number, number];
  /** Also looks for the note, which in a folder costs a listing and a read. Without it, it may be missing. Default `false`. */
  readonly withNote?: boolean;
  readonly signal?: AbortSignal;
}

/** The outcome of a conditional write. */
export type PutOutcome =
  | { readonly written: true; readonly version: Version }
  /** The condition did not hold; nothing was written. */
  | { readonly written: false };

/** A small object read whole. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: Version;
  /** The note written with exactly this state, if any. */
  readonly note: Note | undefined;
}

/** One object in a listing. */
export interface ListedObject {
  /** Key relative to the store's root. */
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** Options of {@link Store.list}. */
export interface ListOptions {
  /** With `"/"` also yields one `{ prefix }` for each next component below `prefix` instead of descending. */
  readonly delimiter?: "/";
  /**
   * Throws `ERR_T4_UNSAFE` where a link stands for a directory, on the way to the prefix or below it, instead of following the
   * former and taking the latter for an object. For stores that know links. Default `false`.
   */
  readonly refuseLinks?: boolean;
  readonly signal?: AbortSignal;
}

/** An item of a listing: an object, or with a delimiter a common prefix (ending in `/`). */
export type Listed = ListedObject | { readonly prefix: string };

/** An upload that was begun and neither ended nor dropped: its parts take room, and nobody sees them. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
}

/** Uploads without an end. */
export interface UnfinishedUploads {
  list(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<UnfinishedUpload>;
  /** Drops an upload with its parts; one that has ended meanwhile is fine. */
  drop(upload: UnfinishedUpload): Promise<void>;
}

/** An object of a bucket. */
export interface ObjectPlace {
  /** From the bucket's root; other clients may give it any form. */
  readonly key: string;
  /** A state other than the present one. */
  readonly versionId?: string | undefined;
  /** The only state that may be read, where objects have no versions. */
  readonly etag?: string | undefined;
}

/** The objects of a bucket, also those that are not the store's. */
export interface BucketObjects {
  readonly bucket: string;
  /** Where an object of the store is in the bucket. */
  keyOf(key: string): string;
  /** The key that an object of the bucket has in the store; `undefined`: it lies elsewhere. */
  keyIn(keyInBucket: string): string | undefined;
  /** Size and time of an object; `undefined`: absent. */
  find(
    place: ObjectPlace,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Pick<ListedObject, "size" | "modifiedMs"> | undefined>;
  /** Bytes of an object, from the range's start to before its end; `undefined`: absent. */
  read(
    place: ObjectPlace,
    options?: Pick<GetOptions, "range"> & { readonly signal?: AbortSignal | undefined },
  ): Promise<Uint8Array | undefined>;
}

/** An object that is read at any place; `close` it. */
export interface ObjectReader {
  readonly size: number;
  /** Bytes from `offset` on, fewer only at the end; valid until the next read. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** An object that is written piece by piece before its key is known; `discard` it in the end. */
export interface ObjectWriter {
  write(chunk: Uint8Array): void;
  /** Flushes the object and gives it its key; tells whether it was written (with `create`: whether the key was free). */
  finish(key: string, mode: "create" | "overwrite"): Promise<boolean>;
  /** Reads what was written without asking the store, which outlasts `discard`; for stores that have it at hand. */
  openWritten?(): ObjectReader;
  /** Drops what was not finished, and what it takes to write. */
  discard(): Promise<void>;
}

/**
 * Where bytes live, by key; knows nothing of packages.
 *
 * Keys are relative, `/`-separated, without empty, `.` or `..` components. What `put` has acknowledged is durable, and a
 * reader sees an object whole or not at all. Every method rejects with `signal.reason` when aborted.
 */
export interface Store {
  /** Where the store is, as a URL without credentials, no trailing slash (`file:///data/registry`, `s3://bucket/prefix`). */
  readonly url: string;
  /** Reads an object whole (`range`: half-open, in bytes), or `undefined` when it is absent. For small objects (≤ 64 MiB). */
  get(key: string, options?: GetOptions): Promise<StoredObject | undefined>;
  /** Size of an object, or `undefined` when it is absent. */
  head(key: string, options?: { readonly signal?: AbortSignal }): Promise<ListedObject | undefined>;
  /** Writes an object whole and durably. */
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<PutOutcome>;
  /** Starts an object of any size. */
  createWriter(): ObjectWriter;
  /**
   * Makes an object's modification time now, so that no garbage collection takes it for abandoned, and its name durable,
   * which whoever wrote it may not have done yet; `false`: absent, or another user's. Then write it anew.
   */
  touch(key: string): Promise<boolean>;
  /** Removes an object; absent is fine. With `replaces`, only while it is that version: returns whether it was removed. */
  delete(key: string, options?: { readonly replaces?: Version; readonly signal?: AbortSignal }): Promise<boolean>;
  /**
   * Removes an object unless it was written or touched after `beforeMs`; tells whether it did. Safe beside a writer that
   * touches the object and then relies on it.
   */
  deleteIfOlder(key: string, beforeMs: number): Promise<boolean>;
  /**
   * Gives an object another key, which must be free, unless it was written or touched after `beforeMs`; tells whether it
   * did. The bytes are not read. Works for whatever stands there, also what is no object.
   */
  moveIfOlder(key: string, to: string, beforeMs: number): Promise<boolean>;
  /** Lists keys under `prefix` (a string prefix) in code-point order of the whole key. */
  list(prefix: string, options?: ListOptions): AsyncIterable<Listed>;
  /** Reads an object of any size, which stays as it is now, at any place; `undefined`: absent. For stores that are no folders. */
  openReader?(key: string): Promise<ObjectReader | undefined>;
  /** So long after its modification time an object may have been used without being touched, milliseconds. Absent: 0. */
  readonly unmarkedMs?: number;
  /** Uploads of the store that have no end, for stores that know such. */
  readonly uploads?: UnfinishedUploads;
  /**
   * Whether a write on a condition is a look and then a write, so that of several writers at once each may be told that it won. Absent:
   * never.
   */
  readonly mayCollide?: () => Promise<boolean>;
  /** The bucket around the store, for stores that are in one. */
  readonly inBucket?: BucketObjects;
  /** The local path of an object, for stores that are folders: bulk readers and writers work on it directly. */
  localPath?(key: string): string;
}
