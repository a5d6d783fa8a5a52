import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { DEFAULT_HASH, digestFromHashValue, type HashType } from "../hash/hasher.js";
import type { Batch } from "./batch.js";
import { requireExpected } from "./expectation.js";
import type { JobResult, StoreJob } from "./file-job.js";
import { type HashValues, readSource } from "./read-source.js";

/** Copies a file among the objects of a registry; it is one when the batch is published. */
export function storeFile(job: StoreJob, batch: Batch): JobResult {
  const { source, expected, types } = job;
  const wanted = [...new Set<HashType>([DEFAULT_HASH, ...types, ...(expected === undefined ? [] : [expected.type])])];
  const temporary = join(job.temporary, randomUUID());
  const pathOf = (values: HashValues): string =>
    join(job.objects, objectName(values[DEFAULT_HASH] ?? "", job.extension));
  const isThere = (size: number, values: HashValues): boolean => useObject(pathOf(values), size);
  let file: number | undefined;
  let isKnownAbsent = false;
  // A small file is hashed before it is written: bytes that are there already, or are not the right ones, are not.
  const openSink = (size: number, values?: HashValues): number | undefined => {
    if (values !== undefined && expected !== undefined) requireExpected({ size, values }, expected, source);
    if (values !== undefined && isThere(size, values)) return undefined;
    isKnownAbsent = values !== undefined;
    file = openSync(temporary, "wx");
    return file;
  };
  let isWanted = false;
  try {
    const read = readSource(source, wanted, openSink);
    if (expected !== undefined) requireExpected(read, expected, source);
    const path = pathOf(read.values);
    isWanted = file !== undefined && (isKnownAbsent || !isThere(read.size, read.values));
    if (isWanted) addObject(temporary, path, batch);
    return { ...read, path, outcome: "done" };
  } finally {
    if (file !== undefined) closeSync(file);
    if (file !== undefined && !isWanted) rmSync(temporary, { force: true });
  }
}

/** Has a temporary file that is written and verified become an object when the batch is published. */
export function addObject(temporary: string, path: string, batch: Batch): void {
  batch.add({ temporary, path, name: () => moveObject(temporary, path) });
}

/** `<2 digits>/<64 digits><extension>`: no directory grows too large, and tools that go by the extension still work. */
export function objectName(chunkedHash: string, extension: string): string {
  const hex = Buffer.from(digestFromHashValue(DEFAULT_HASH, chunkedHash) ?? []).toString("hex");
  return join(hex.slice(0, 2), hex + extension);
}

/** The object of a known hash if it is there at its size; touched, so that no garbage collection takes it meanwhile. `false`: write it. */
export function useObject(objectPath: string, size: number): boolean {
  try {
    if (statSync(objectPath, { throwIfNoEntry: false })?.size !== size) return false;
    utimesSync(objectPath, new Date(), new Date());
    return true;
  } catch (error) {
    // EPERM: another user's object on a shared disk. As it cannot be kept from a collection, it is written anew as ours.
    if (["ENOENT", "EPERM"].includes(systemCode(error) ?? "")) return false;
    throw ioError(`look for the object ${objectPath}`, error);
  }
}

/** Two writers of one object both succeed: each has the same bytes. So is an object of the wrong size replaced. */
function moveObject(temporary: string, path: string): void {
  try {
    renameSync(temporary, path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    renameSync(temporary, path);
  }
}
