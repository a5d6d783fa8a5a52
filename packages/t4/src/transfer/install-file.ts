import { linkSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { hasNoLinks, hasSystemCode, isT4Error, systemCode, T4Error } from "../base/errors.js";
import { renameFileSync } from "../store/file/rename-file.js";
import type { Batch } from "./batch.js";
import { fulfils } from "./expectation.js";
import type { Expected, InstallJob, JobResult, Read, Source } from "./file-job.js";
import type { PartFile } from "./part-file.js";
import { readSource } from "./read-source.js";
import { type PartSink, type Temporary, temporarySink } from "./sink.js";
import { sameStamp, stampOf } from "./stamp.js";

/** What stands in a file's place: a regular file as it was read, nothing, or what may not be replaced unless any file may. */
type Present = Read | "obstacle" | undefined;

/** An install job, wherever its bytes come from. */
type AnyInstall = InstallJob<Source>;

/** An install that has begun. */
export interface BegunInstall {
  /** What became of it. With a sink, its outcome stands only when the batch is published. */
  readonly result: JobResult;
  /** Gets the bytes; absent when nothing need or may be written. */
  readonly sink?: PartSink;
}

/**
 * Copies a file to its place below a directory, verified; it has its name when the batch is published. What stands there is
 * looked at again right before that: what was changed since is kept.
 */
export function installFile(job: InstallJob, batch: Batch): JobResult {
  const { result, sink } = beginInstall(job, batch);
  return sink === undefined ? result : Object.assign(result, readSource(job.source, [job.expected.type], sink));
}

/** Looks at a job's place. */
export function beginInstall(job: AnyInstall, batch: Batch): BegunInstall {
  const { root, key } = job;
  const path = join(root, key);
  const present = presentIn(job, batch);
  if (present === "obstacle") return { result: { ...NOTHING, outcome: "kept", path } };
  const outcome = outcomeOf(job, present);
  if (outcome !== "done" || job.isDryRun === true) return { result: { ...(present ?? NOTHING), outcome, path } };
  const result = { ...NOTHING, outcome: "done" as JobResult["outcome"], path };
  const handOn = (temporary: string): void => {
    const name = (): void => {
      const place = batch.destination(root).place(key).path;
      result.outcome = nameFile({ temporary, place, present }, job);
    };
    batch.add({ temporary, path, name });
  };
  const create = (): Temporary => batch.destination(root).createTemporary();
  const createPart = (): PartFile => batch.destination(root).createPart(job.expected);
  return { result, sink: temporarySink({ job, create, createPart, hasAlready: () => false, handOn }) };
}

/** What a place holds now; `"obstacle"`: a directory, a link or no file, or a file on the way to it. */
function presentIn(job: AnyInstall, batch: Batch): Present {
  const { root, key, replaceable = "any", isDryRun = false } = job;
  try {
    // In a dry run not even the destination is made.
    const place = isDryRun ? join(root, key) : batch.destination(root).look(key)?.path;
    return place === undefined ? undefined : presentAt(place, job);
  } catch (error) {
    const isInTheWay = isT4Error(error, "ERR_T4_CONFLICT") || systemCode(error) === "ENOTDIR";
    if (replaceable !== "any" && isInTheWay) return "obstacle";
    throw error;
  }
}

function presentAt(place: string, { expected, replaceable = "any", isDryRun = false }: AnyInstall): Present {
  const present = readPresent(place, [expected, ...(replaceable === "any" ? [] : replaceable)]);
  if (present === "directory") return clearDirectory(place, isDryRun);
  // Neither a link nor a pipe is ever the right file; neither is followed.
  return present === "obstacle" && replaceable === "any" ? undefined : present;
}

const NOTHING: Read = { size: 0, values: {}, readAtMs: 0 };

function outcomeOf(job: AnyInstall, present: Read | undefined): JobResult["outcome"] {
  const { expected, replaceable = "any", ifAbsent = "write" } = job;
  if (present === undefined) return ifAbsent === "keep" ? "absent" : "done";
  if (fulfils(present, expected)) return "already";
  return replaceable === "any" || replaceable.some((claim) => fulfils(present, claim)) ? "done" : "kept";
}

/** A file that is written, and where it is to be; what was there when it was looked at. */
interface Naming {
  readonly temporary: string;
  readonly place: string;
  readonly present: Read | undefined;
}

/** Gives a file its name unless what stands there was changed meanwhile; tells what became of it. */
function nameFile({ temporary, place, present }: Naming, job: AnyInstall): JobResult["outcome"] {
  if (job.replaceable === undefined || job.replaceable === "any") renameFileSync(temporary, place);
  else if (present !== undefined) return replaceFile({ temporary, place, present });
  else takeName(temporary, place, job);
  return "done";
}

function replaceFile({ temporary, place, present }: Naming): JobResult["outcome"] {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat !== undefined && present?.stamp !== undefined && sameStamp(stampOf(stat), present.stamp)) {
    renameFileSync(temporary, place);
    return "done";
  }
  unlinkSync(temporary);
  return stat === undefined ? "absent" : "kept";
}

/** A name that was free stays one file's: two that were given it, or two processes, do not overwrite each other. */
function takeName(temporary: string, place: string, job: AnyInstall): void {
  try {
    linkSync(temporary, place);
    unlinkSync(temporary);
  } catch (error) {
    if (hasNoLinks(error)) renameFileSync(temporary, place);
    else if (systemCode(error) !== "EEXIST") throw error;
    else requireSame(temporary, place, job);
  }
}

/** Another process may have put the very same file there. */
function requireSame(temporary: string, path: string, { expected, root, key }: AnyInstall): void {
  const present = readPresent(path, [expected]);
  if (present === undefined || typeof present === "string" || !fulfils(present, expected)) {
    throw new T4Error("ERR_T4_CONFLICT", `Another file got the name ${join(root, key)} meanwhile; it was left alone.`, {
      hint: "Two files may have been given one name, or another process writes there: give each its own, or wait and try again.",
      facts: { path: join(root, key) },
    });
  }
  unlinkSync(temporary);
}

/** What stands in a file's place now; nothing that is no regular file is followed or opened. */
function readPresent(path: string, claims: readonly Expected[]): Present | "directory" {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return "directory";
  if (!stat.isFile()) return "obstacle";
  // A file of a size that no claim has needs no reading to be known as different.
  const types = claims.filter((claim) => claim.size === stat.size).map((claim) => claim.type);
  if (types.length === 0) return { ...NOTHING, size: stat.size };
  return readSource({ path }, [...new Set(types)]);
}

/** Removes a directory without files, as an install leaves one that dies while it makes room. */
function clearDirectory(path: string, isDryRun: boolean): undefined {
  if (hasFiles(path)) throw occupied(path);
  if (!isDryRun) removeEmpty(path);
}

function hasFiles(directory: string): boolean {
  const items = readdirSync(directory, { withFileTypes: true });
  return items.some((item) => !item.isDirectory() || hasFiles(join(directory, item.name)));
}

/** Directory by directory: a file that comes meanwhile stays. */
function removeEmpty(directory: string): void {
  try {
    for (const name of readdirSync(directory)) removeEmpty(join(directory, name));
    rmdirSync(directory);
  } catch (error) {
    throw hasSystemCode(error, ["ENOTEMPTY", "EEXIST", "ENOTDIR"]) ? occupied(directory) : error;
  }
}

function occupied(path: string): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `A directory stands where the file ${path} should be.`, {
    hint: "Move it away first.",
    facts: { path },
  });
}
