import { closeSync, linkSync, lstatSync, readdirSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { isT4Error, systemCode, T4Error } from "../base/errors.js";
import type { Batch } from "./batch.js";
import type { Destination } from "./destination.js";
import { fulfils, requireExpected } from "./expectation.js";
import type { Expected, InstallJob, JobResult } from "./file-job.js";
import { type HashValues, type Read, readSource } from "./read-source.js";

/** Copies a file to its place below a directory, verified; it has its name when the batch is published. */
export function installFile(job: InstallJob, batch: Batch): JobResult {
  return resultWithoutCopy(job, batch) ?? { ...copyInto(job, batch), outcome: "done", path: join(job.root, job.key) };
}

/** What an install job does apart from where its bytes come from. */
type Place = Omit<InstallJob, "source">;

/** What becomes of a job whose file need not or must not be written; `undefined`: its bytes have to be brought. */
export function resultWithoutCopy(job: Place, batch: Batch): JobResult | undefined {
  const path = join(job.root, job.key);
  const present = presentIn(job, batch);
  if (present === "obstacle") return { ...NOTHING, outcome: "kept", path };
  const outcome = outcomeOf(job, present);
  if (outcome === "done" && job.isDryRun !== true) return undefined;
  return { ...(present ?? NOTHING), outcome, path };
}

/** Has a temporary file that is written and verified get its name when the batch is published. */
export function addInstalled(temporary: string, job: Place, batch: Batch): void {
  const { root, key } = job;
  const name = (): void => nameFile(temporary, batch.destination(root).place(key).path, job);
  batch.add({ temporary, path: join(root, key), name });
}

/** What a place holds now; `"obstacle"`: a directory, or a file on the way to it, that may not be replaced. */
function presentIn(job: Place, batch: Batch): Read | "obstacle" | undefined {
  const { expected, root, key, replaceable = "any", isDryRun = false } = job;
  try {
    // In a dry run no directory is made on the way.
    const place = isDryRun ? join(root, key) : batch.destination(root).place(key).path;
    const present = readPresent(place, [expected, ...(replaceable === "any" ? [] : replaceable)]);
    return present === "directory" ? clearDirectory(place, isDryRun) : present;
  } catch (error) {
    if (replaceable !== "any" && (isT4Error(error, "ERR_T4_CONFLICT") || systemCode(error) === "ENOTDIR"))
      return "obstacle";
    throw error;
  }
}

const NOTHING: Read = { size: 0, values: {}, readAtMs: 0 };

function outcomeOf(job: Place, present: Read | undefined): JobResult["outcome"] {
  const { expected, replaceable = "any", ifAbsent = "write" } = job;
  if (present === undefined) return ifAbsent === "keep" ? "kept" : "done";
  if (fulfils(present, expected)) return "already";
  return replaceable === "any" || replaceable.some((claim) => fulfils(present, claim)) ? "done" : "kept";
}

function copyInto(job: InstallJob, batch: Batch): Read {
  const { source, expected, root } = job;
  const destination = batch.destination(root);
  let temporary: ReturnType<Destination["createTemporary"]> | undefined;
  let isRight = false;
  const openSink = (size: number, values?: HashValues): number => {
    // A small file is known to be right before anything is written.
    if (values !== undefined) requireExpected({ size, values }, expected, source);
    temporary = destination.createTemporary();
    return temporary.file;
  };
  try {
    const read = readSource(source, [expected.type], openSink);
    requireExpected(read, expected, source);
    isRight = true;
    return read;
  } finally {
    if (temporary !== undefined) {
      const { file, path } = temporary;
      closeSync(file);
      if (isRight) addInstalled(path, job, batch);
      else rmSync(path, { force: true });
    }
  }
}

/** What a file system says that knows no hard links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** A name that was free stays one file's: two that were given it, or two processes, do not overwrite each other. */
function nameFile(temporary: string, path: string, job: Place): void {
  if (job.replaceable === undefined || job.replaceable === "any" || job.replaceable.length > 0) {
    renameSync(temporary, path);
    return;
  }
  try {
    linkSync(temporary, path);
    unlinkSync(temporary);
  } catch (error) {
    if (NO_LINKS.has(systemCode(error) ?? "")) renameSync(temporary, path);
    else if (systemCode(error) !== "EEXIST") throw error;
    else requireSame(temporary, path, job);
  }
}

/** Another process may have put the very same file there. */
function requireSame(temporary: string, path: string, { expected, root, key }: Place): void {
  const present = readPresent(path, [expected]);
  if (present === undefined || present === "directory" || !fulfils(present, expected)) {
    throw new T4Error("ERR_T4_CONFLICT", `Another file got the name ${join(root, key)} meanwhile; it was left alone.`, {
      hint: "Two files may have been given one name, or another process writes there: give each its own, or wait and try again.",
      facts: { path: join(root, key) },
    });
  }
  unlinkSync(temporary);
}

/** What stands in a file's place now; a link is never right, and is replaced, not followed. */
function readPresent(path: string, claims: readonly Expected[]): Read | "directory" | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isSymbolicLink()) return undefined;
  if (stat.isDirectory()) return "directory";
  // A file of a size that no claim has needs no reading to be known as different.
  const types = claims.filter((claim) => claim.size === stat.size).map((claim) => claim.type);
  if (types.length === 0) return { ...NOTHING, size: stat.size };
  return readSource({ path }, [...new Set(types)]);
}

/** Removes a directory without files, as an install leaves one that dies while it makes room. */
function clearDirectory(path: string, isDryRun: boolean): undefined {
  if (hasFiles(path)) {
    throw new T4Error("ERR_T4_CONFLICT", `A directory stands where the file ${path} should be.`, {
      hint: "Move it away first.",
      facts: { path },
    });
  }
  if (!isDryRun) rmSync(path, { recursive: true });
}

function hasFiles(directory: string): boolean {
  const items = readdirSync(directory, { withFileTypes: true });
  return items.some((item) => !item.isDirectory() || hasFiles(join(directory, item.name)));
}
