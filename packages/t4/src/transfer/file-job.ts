import type { HashType } from "../hash/hasher.js";
import type { Stamp } from "./stamp.js";

/** A local file. */
export interface LocalFile {
  readonly path: string;
  /** The file as it was seen before; it must still be that. */
  readonly stamp?: Stamp;
}

/** What is read without waiting: a local file, or bytes in memory. */
export type LocalSource = LocalFile | { readonly content: Uint8Array };

/** An object of another store, which comes over a network. */
export interface RemoteSource {
  /** Where it is, for people. */
  readonly url: string;
  /** Bytes that it should have. */
  readonly size: number;
  /** Exactly the bytes from `start` to before `end`; rejects when the object is gone or shorter. */
  readonly read: (start: number, end: number, signal?: AbortSignal) => Promise<Uint8Array>;
}

/** What is to be read. */
export type Source = LocalSource | RemoteSource;

/** Hashes by type. */
export type HashValues = Readonly<Partial<Record<HashType, string>>>;

/** What was read. */
export interface Read {
  /** Bytes read. */
  readonly size: number;
  readonly values: HashValues;
  /** The source as it was when reading ended. */
  readonly stamp?: Stamp;
  /** Of a large file, where `sha2-256-chunked` was computed: the SHA-256 of its chunks, one after another. */
  readonly chunks?: Uint8Array;
  /** When reading ended, milliseconds since 1970. */
  readonly readAtMs: number;
}

/** A claim about the bytes. */
export interface Expected {
  readonly type: HashType;
  readonly value: string;
  readonly size: number;
}

/** Reads a file and computes hashes of it. */
export interface HashJob<From = LocalSource> {
  readonly kind: "hash";
  readonly source: From;
  /** The hashes wanted. */
  readonly types: readonly HashType[];
}

/** Copies a file into a store of content-addressed objects, hashing on the way. */
export interface StoreJob<From = LocalSource> {
  readonly kind: "store";
  readonly source: From;
  readonly types: readonly HashType[];
  /** What the bytes must be, when that is known. */
  readonly expected?: Expected;
  /** Directory of the objects. */
  readonly objects: string;
  /** Directory of temporary files on the same file system. */
  readonly temporary: string;
  /** Ending of the object's name, with its dot, or empty. */
  readonly extension: string;
}

/** Copies a file to its place below a directory, verifying on the way; the file has its name only when it is right. */
export interface InstallJob<From = LocalSource> {
  readonly kind: "install";
  readonly source: From;
  readonly expected: Expected;
  /** Absolute path of the directory; nothing is written outside it. */
  readonly root: string;
  /** Where below it, `/` between the parts. */
  readonly key: string;
  /** Claims of which the file that is there now must fulfil one to be replaced. Default `"any"` file is replaced. */
  readonly replaceable?: readonly Expected[] | "any";
  /** What becomes of a place without a file: it stays empty with `"keep"`, as where the user removed the file. Default `"write"`. */
  readonly ifAbsent?: "write" | "keep";
  /** Only finds out what would be done. Default `false`. */
  readonly isDryRun?: boolean;
}

/** Bytes that can be read at any place, and again. */
export interface ReadableBytes {
  readonly size: number;
  /** Exactly the bytes from `start` to before `end`. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** Bytes that are to be sent; looking at them before is no progress. */
export interface BytesToSend extends ReadableBytes {
  /** Whether each read gives the same bytes, or rejects: what is known of them needs no second look. */
  readonly isSteady: boolean;
  /** SHA-256 of the chunks, in order, of what was hashed before. */
  readonly digests?: readonly Uint8Array[] | undefined;
  /** The same bytes, counted when they are read. */
  readonly sending: ReadableBytes;
}

/** What a place over a network made of the bytes that it was given. */
export interface Kept {
  /** Where they are now. */
  readonly url: string;
  /** `sha2-256-chunked` of the bytes that it has. */
  readonly hash: string;
}

/** What a place over a network copied from another one itself, with the hashes that it proved. */
export interface Copied {
  readonly size: number;
  /** Where they are now. */
  readonly url: string;
  readonly values: HashValues;
}

/** Brings a file to a place over a network, hashing on the way. */
export interface UploadJob {
  readonly kind: "upload";
  readonly source: Source;
  /** Hashes wanted beside `sha2-256-chunked`. */
  readonly types: readonly HashType[];
  /** What the bytes must be, when that is known. */
  readonly expected?: Expected;
  /** What the place has already: a source that is still to be hashed, and is the same, is not sent again. */
  readonly held?: Expected & { readonly url: string };
  /** Has the place copy the bytes, so that they do not pass here; `undefined`: it cannot, or does not prove their hash. */
  readonly copy?: (signal: AbortSignal) => Promise<Copied | undefined>;
  /** Takes the bytes, unless it has them; nothing refers to them yet. */
  readonly keep: (bytes: BytesToSend, signal: AbortSignal) => Promise<Kept>;
}

/** Work on one file that does not wait for a network: any thread can do it. */
export type FileJob = HashJob | StoreJob | InstallJob;

/** Work that waits for a network; it is done in this thread, much of it at once. */
export type NetworkJob = HashJob<RemoteSource> | StoreJob<RemoteSource> | InstallJob<RemoteSource> | UploadJob;

/** Work on one file. */
export type Job = HashJob<Source> | StoreJob<Source> | InstallJob<Source> | UploadJob;

/** Whether a job waits for a network. */
export function isNetworkJob(job: Job): job is NetworkJob {
  return job.kind === "upload" || "url" in job.source;
}

/** Told how many more files are done and bytes were read or moved. */
export type OnDone = (more: { readonly files: number; readonly bytes: number }) => void;

/** What became of a job. */
export interface JobResult extends Read {
  /** Where the file is now, of a store or install job. */
  readonly path?: string;
  /** Where the bytes are now, of an upload job. */
  readonly url?: string;
  /** Of an install job: `already` there and right, `kept` because what is there may not be replaced, `absent` because nothing is. */
  readonly outcome: "done" | "already" | "kept" | "absent";
}
