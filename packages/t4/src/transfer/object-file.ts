import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasSystemCode, systemCode } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { DEFAULT_HASH, type HashType } from "../hash/hasher.js";
import { objectName } from "../hash/object-name.js";
import { renameFileSync } from "../store/file/rename-file.js";
import type { Batch } from "./batch.js";
import type { JobResult, Read, Source, StoreJob } from "./file-job.js";
import { openPart, type PartFile } from "./part-file.js";
import { readSource } from "./read-source.js";
import { type PartSink, type Temporary, temporarySink } from "./sink.js";

/** A store that has begun. */
export interface BegunStore {
  /** The hashes to compute. */
  readonly types: readonly HashType[];
  /** Gets the bytes; they are an object when the batch is published. */
  readonly sink: PartSink;
  /** What became of it. */
  readonly finish: (read: Read) => JobResult;
}

/** Copies a file among the objects of a registry; it is one when the batch is published. */
export function storeFile(job: StoreJob, batch: Batch): JobResult {
  const { types, sink, finish } = beginStore(job, batch);
  return finish(readSource(job.source, types, sink));
}

/** Gets ready to store an object; one that is there already is not written again. */
export function beginStore(job: StoreJob<Source>, batch: Batch): BegunStore {
  const { expected, objects, extension } = job;
  const types = new Set<HashType>([DEFAULT_HASH, ...job.types, ...(expected === undefined ? [] : [expected.type])]);
  const pathOf = ({ values }: Pick<Read, "values">): string =>
    join(objects, objectName(values[DEFAULT_HASH] ?? "", extension));
  const create = (): Temporary => {
    const path = join(job.temporary, randomUUID());
    return { path, file: openSync(path, "wx") };
  };
  // Only what is known beforehand can be found again by its name.
  const createPart = expected && ((): PartFile => openPart(job.temporary, expected));
  const handOn = (temporary: string, read: Read): void => {
    const path = pathOf(read);
    batch.add({ temporary, path, name: () => moveObject(temporary, path) });
  };
  const hasAlready = (content: Pick<Read, "size" | "values">): boolean => useObject(pathOf(content), content.size);
  return {
    types: [...types],
    sink: temporarySink({ job, create, createPart, hasAlready, handOn }),
    finish: (read) => ({ ...read, path: pathOf(read), outcome: "done" }),
  };
}

/** The object of a known hash if it is there at its size; touched, so that no garbage collection takes it meanwhile. `false`: write it. */
export function useObject(objectPath: string, size: number): boolean {
  try {
    if (statSync(objectPath, { throwIfNoEntry: false })?.size !== size) return false;
    utimesSync(objectPath, new Date(), new Date());
    return true;
  } catch (error) {
    // EPERM: another user's object on a shared disk. As it cannot be kept from a collection, it is written anew as ours.
    if (hasSystemCode(error, ["ENOENT", "EPERM"])) return false;
    throw ioError(`look for the object ${objectPath}`, error);
  }
}

/** Two writers of one object both succeed: each has the same bytes. So is an object of the wrong size replaced. */
function moveObject(temporary: string, path: string): void {
  try {
    renameFileSync(temporary, path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    renameFileSync(temporary, path);
  }
}
