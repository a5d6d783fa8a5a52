import type { HashType } from "../hash/hasher.js";
import type { Stamp } from "./stamp.js";

/** What is to be read: a local file, or bytes in memory. */
export type Source =
  | { readonly path: string /** The file as it was seen before; it must still be that. */; readonly stamp?: Stamp }
  | { readonly content: Uint8Array };

/** A claim about the bytes. */
export interface Expected {
  readonly type: HashType;
  readonly value: string;
  readonly size: number;
}

/** Reads a file and computes hashes of it. */
export interface HashJob {
  readonly kind: "hash";
  readonly source: Source;
  /** The hashes wanted. */
  readonly types: readonly HashType[];
}

/** Copies a file into a store of content-addressed objects, hashing on the way. */
export interface StoreJob {
  readonly kind: "store";
  readonly source: Source;
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
export interface InstallJob {
  readonly kind: "install";
  readonly source: Source;
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

/** Work on one file. */
export type FileJob = HashJob | StoreJob | InstallJob;

/** What became of a job. */
export interface JobResult {
  /** Bytes read. */
  readonly size: number;
  /** Hashes by type. */
  readonly values: Readonly<Partial<Record<HashType, string>>>;
  /** The source as it was when reading ended. */
  readonly stamp?: Stamp;
  /** When reading ended, milliseconds since 1970. */
  readonly readAtMs: number;
  /** Where the file is now, of a store or install job. */
  readonly path?: string;
  /** Of an install job: `already` there and right, `kept` because what is there may not be replaced, `absent` because nothing is. */
  readonly outcome: "done" | "already" | "kept" | "absent";
}
