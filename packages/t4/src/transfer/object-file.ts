import { randomUUID } from "node:crypto";
import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../base/errors.js";
import { digestFromHashValue, type HashType } from "../hash/hasher.js";
import type { Batch } from "./batch.js";
import { requireExpected } from "./expectation.js";
import type { JobResult, StoreJob } from "./file-job.js";
import { type Read, readSource } from "./read-source.js";

/** The hash that names objects. */
const OBJECT_HASH: HashType = "sha2-256-chunked";

/** Copies a file among the objects of a registry; it is one when the batch is published. */
export function storeFile(job: StoreJob, batch: Batch): JobResult {
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
  const directory = dirname(objectPath);
  mkdirSync(directory, { recursive: true });
  batch.touch(directory);
  batch.add(file, temporary, () => nameObject({ temporary, objectPath, size: read.size }));
  return { ...read, path: objectPath, outcome: "done" };
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
