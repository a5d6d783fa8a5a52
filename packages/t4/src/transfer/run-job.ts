import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import { digestFromHashValue, type HashType } from "../hash/hasher.js";
import { type Destination, openDestination } from "./destination.js";
import type { Expected, FileJob, InstallJob, JobResult, StoreJob } from "./file-job.js";
import { type Read, readSource } from "./read-source.js";
import { stampOf } from "./walk-directory.js";

/** The hash that names objects. */
const OBJECT_HASH: HashType = "sha2-256-chunked";

/** Does a batch of jobs, in order. Bytes are on the disk, and under their final names, when it returns. */
export function runJobs(jobs: readonly FileJob[]): JobResult[] {
  const batch = new Batch();
  try {
    const results = jobs.map((job) => runJob(job, batch));
    batch.publish();
    return results;
  } finally {
    batch.close();
  }
}

function runJob(job: FileJob, batch: Batch): JobResult {
  switch (job.kind) {
    case "hash":
      return { ...readSource(job.source, job.types), outcome: "done" };
    case "store":
      return storeFile(job, batch);
    case "install":
      return installFile(job, batch);
  }
}

/**
 * Files of a batch that are written but not yet named.
 *
 * All are flushed one after another before the first gets its name: the journal is written once for many, which is
 * what makes being durable affordable.
 */
class Batch {
  readonly #pending: { readonly file: number; readonly temporary: string; readonly name: () => void }[] = [];
  readonly #directories = new Set<string>();
  readonly #destinations = new Map<string, Destination>();

  /** Takes a written file; `name` gives it its final name. */
  add(file: number, temporary: string, name: () => void): void {
    this.#pending.push({ file, temporary, name });
  }

  /** A directory whose entries must be flushed, too. */
  touch(directory: string): void {
    this.#directories.add(directory);
  }

  destination(root: string): Destination {
    let destination = this.#destinations.get(root);
    if (destination === undefined) {
      destination = openDestination(root);
      this.#destinations.set(root, destination);
    }
    return destination;
  }

  publish(): void {
    for (const { file } of this.#pending) fsyncSync(file);
    for (const pending of this.#pending) pending.name();
    for (const directory of this.#directories) syncDirectory(directory);
  }

  close(): void {
    for (const { file, temporary } of this.#pending) {
      closeSync(file);
      rmSync(temporary, { force: true });
    }
    for (const destination of this.#destinations.values()) destination.close();
  }
}

function storeFile(job: StoreJob, batch: Batch): JobResult {
  const temporary = join(job.temporary, randomUUID());
  const file = openSync(temporary, "wx");
  let read: Read;
  try {
    read = readSource(
      job.source,
      [...new Set<HashType>([OBJECT_HASH, ...job.types, ...(job.expected ? [job.expected.type] : [])])],
      file,
    );
    if (job.expected !== undefined) requireExpected(read, job.expected, job.source);
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
  const objectPath = join(job.objects, objectName(read.values[OBJECT_HASH] ?? "", job.extension));
  const directory = join(objectPath, "..");
  mkdirSync(directory, { recursive: true });
  batch.touch(directory);
  batch.add(file, temporary, () => nameObject({ temporary, objectPath, size: read.size }));
  return { ...read, objectPath, outcome: "done" };
}

/** `<2 digits>/<64 digits><extension>`: no directory grows too large, and tools that go by the extension still work. */
export function objectName(chunkedHash: string, extension: string): string {
  const hex = Buffer.from(digestFromHashValue(OBJECT_HASH, chunkedHash) ?? []).toString("hex");
  return join(hex.slice(0, 2), hex + extension);
}

/** The object of a known hash if it is there at its size; touched, so that no garbage collection takes it meanwhile. */
export function useObject(objectPath: string, size: number): boolean {
  if (statSync(objectPath, { throwIfNoEntry: false })?.size !== size) return false;
  try {
    utimesSync(objectPath, new Date(), new Date());
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    // Another user's object on a shared disk: it is there, and its owner's collection looks at our manifest.
    if (systemCode(error) === "EPERM") return true;
    throw error;
  }
}

/** Two writers of one object both succeed; an object of the wrong size is no object and is replaced. */
function nameObject(object: { readonly temporary: string; readonly objectPath: string; readonly size: number }): void {
  const { temporary, objectPath, size } = object;
  if (useObject(objectPath, size)) return;
  try {
    linkSync(temporary, objectPath);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
    renameSync(temporary, objectPath);
  }
}

function installFile(job: InstallJob, batch: Batch): JobResult {
  const { expected, root, key } = job;
  const destination = batch.destination(root);
  const place = destination.place(key);
  const present = readPresent(place.path, [expected, ...(job.replaceable ?? [])]);
  if (present !== undefined && fulfils(present, expected)) {
    return { ...present, outcome: "already", targetStamp: stampOf(lstatSync(place.path, { bigint: true })) };
  }
  const mayReplace =
    present === undefined || job.replaceable === undefined || job.replaceable.some((claim) => fulfils(present, claim));
  if (!mayReplace) return { size: 0, values: {}, readAtMs: Date.now(), outcome: "kept" };
  const { file, path } = destination.createTemporary();
  let read: Read;
  try {
    read = readSource(job.source, [expected.type], file);
    requireExpected(read, expected, job.source);
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
  }
  const result: { -readonly [Name in keyof JobResult]: JobResult[Name] } = { ...read, outcome: "done" };
  batch.add(file, path, () => {
    const target = batch.destination(root).place(key).path;
    renameSync(path, target);
    result.targetStamp = stampOf(lstatSync(target, { bigint: true }));
  });
  return result;
}

/** What stands in a file's place now; a link or a directory is never right, and a link is replaced, not followed. */
function readPresent(path: string, claims: readonly Expected[]): Read | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isSymbolicLink()) return undefined;
  if (stat.isDirectory()) {
    throw new T4Error("ERR_T4_UNSAFE", `A directory stands where the file ${path} should be.`, {
      hint: "Move it away first.",
      facts: { path },
    });
  }
  // A file of a size that no claim has needs no reading to be known as different.
  const types = claims.filter((claim) => claim.size === stat.size).map((claim) => claim.type);
  if (types.length === 0) return { size: stat.size, values: {}, readAtMs: Date.now() };
  return readSource({ path }, [...new Set(types)]);
}

function fulfils(read: Read, claim: Expected): boolean {
  return read.size === claim.size && read.values[claim.type] === claim.value;
}

function requireExpected(read: Read, expected: Expected, source: FileJob["source"]): void {
  if (fulfils(read, expected)) return;
  const where = "path" in source ? source.path : "the bytes in memory";
  const found = read.size === expected.size ? `${expected.type} ${read.values[expected.type]}` : `${read.size} bytes`;
  const wanted = read.size === expected.size ? `${expected.type} ${expected.value}` : `${expected.size} bytes`;
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The content of ${where} is not what the package says: expected ${wanted}, got ${found}.`,
    {
      hint: "The bytes were changed or damaged since the revision was made; nothing was written.",
      facts: { path: where, expected: expected.value, found: read.values[expected.type] ?? "" },
    },
  );
}

function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
