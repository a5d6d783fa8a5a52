import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import { ioError, isSystemError } from "../base/io-error.js";
import { parseTopHash, type TopHash } from "../format/top-hash.js";
import { encodeManifest, type ManifestContent } from "../manifest/encode-manifest.js";
import { type Manifest, openManifest } from "../manifest/manifest.js";
import { fileReader } from "../store/file/file-reader.js";
import { syncDirectorySync } from "../store/file/file-system.js";
import type { Ancestor, Base } from "./package-state.js";

/** A base as a directory remembers it: what its registry is shows when that is opened. */
export type Remembered = Omit<Base, "identity">;

/** What a directory remembers of the revision that it was filled with or published as. */
export interface DirectoryMemory extends Remembered {
  /** That revision's manifest, kept beside, so that looking at changes needs no registry. */
  readonly manifest: Manifest;
}

/** Where a directory keeps its memory; never part of a package. */
const FOLDER = ".t4";
const RECORD = "revision.json";

/** The record of a revision, as it is on the disk. */
interface Revision {
  readonly name: string;
  readonly registry: string;
  readonly topHash: string;
  /** The base's ancestors; absent where there are none. */
  readonly conflicts?: readonly Conflict[];
}

/** An ancestor on the disk; `null`: there was no file. */
interface Conflict {
  readonly logicalKey: string;
  readonly ancestor: { readonly size: number | null; readonly type: string; readonly value: string } | null;
}

/** Reads which revision a directory stands on; `undefined` when it remembers none. */
export function readBase(directory: string): Remembered | undefined {
  const path = join(directory, FOLDER, RECORD);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw ioError(`read ${path}`, error);
  }
  return undamaged(directory, () => {
    const { name, registry, conflicts = [], ...record } = JSON.parse(text) as Revision;
    const topHash = parseTopHash(record.topHash);
    const ancestors = new Map(conflicts.map(({ logicalKey, ancestor }) => [logicalKey, ancestorOf(ancestor)]));
    return { name, registry, topHash, ancestors };
  });
}

/** Reads a directory's memory; `undefined` when it has none. */
export function readMemory(directory: string): DirectoryMemory | undefined {
  const base = readBase(directory);
  if (base === undefined) return undefined;
  return undamaged(directory, () => {
    const path = join(directory, FOLDER, manifestName(base.topHash));
    const manifest = openManifest(fileReader(path));
    if (manifest.topHash === base.topHash) return { ...base, manifest };
    throw new T4Error("ERR_T4_INTEGRITY", `The manifest ${path} is damaged.`);
  });
}

function undamaged<Result>(directory: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    // A disk that fails says nothing about what is on it.
    if (isSystemError(cause) && systemCode(cause) !== "ENOENT")
      throw ioError(`read what ${directory} remembers`, cause);
    throw new T4Error("ERR_T4_INTEGRITY", `What ${directory} remembers of its package is damaged.`, {
      hint: `Remove ${join(directory, FOLDER)} and install or push again; your files stay.`,
      facts: { path: join(directory, FOLDER, RECORD) },
      cause,
    });
  }
}

/**
 * Writes a directory's memory, manifest first, so that it is whole at any moment.
 *
 * An install writes it after its files. If it dies between, the directory stands on its former revision with some files
 * of the new one: a push meets a conflict then, and the next install finds those files right.
 */
export async function writeMemory(directory: string, base: Remembered, content: ManifestContent): Promise<void> {
  const folder = join(directory, FOLDER);
  mkdirSync(folder, { recursive: true });
  const previous = readPrevious(folder);
  await writeAtomically(join(folder, manifestName(base.topHash)), async (write) => {
    await encodeManifest(content, write);
  });
  const record = recordOf(base);
  await writeAtomically(join(folder, RECORD), async (write) =>
    write(Buffer.from(`${JSON.stringify(record, null, 2)}\n`)),
  );
  // The old record leads to the old manifest, which goes only when the new one is sure to stay.
  syncDirectorySync(folder);
  if (previous !== undefined && previous !== base.topHash)
    rmSync(join(folder, manifestName(previous)), { force: true });
}

function recordOf({ name, registry, topHash, ancestors }: Remembered): Revision {
  const conflicts = Array.from(ancestors, ([logicalKey, ancestor]): Conflict => {
    if (ancestor === undefined) return { logicalKey, ancestor: null };
    const { type, value } = ancestor.hash ?? NO_HASH;
    return { logicalKey, ancestor: { size: typeof ancestor.size === "number" ? ancestor.size : null, type, value } };
  });
  return { name, registry, topHash, ...(conflicts.length > 0 && { conflicts }) };
}

/** Stands for the hash of a foreign entry that has none: no file is the same. */
const NO_HASH = { type: "", value: "" };

function ancestorOf(ancestor: Conflict["ancestor"]): Ancestor {
  if (ancestor === null) return undefined;
  const { size, type, value } = ancestor;
  if (typeof type === "string" && typeof value === "string") return { size, hash: { type, value } };
  throw new T4Error("ERR_T4_FORMAT", "What a file in conflict was before has no hash.");
}

function manifestName(topHash: string): string {
  return `${topHash}.jsonl`;
}

function readPrevious(folder: string): string | undefined {
  try {
    const record = JSON.parse(readFileSync(join(folder, RECORD), "utf8")) as { readonly topHash: TopHash };
    return /^[0-9a-f]{64}$/.test(record.topHash) ? record.topHash : undefined;
  } catch {
    // Nothing to tidy up: there is none, or it is damaged and about to be replaced.
    return undefined;
  }
}

async function writeAtomically(
  path: string,
  fill: (write: (chunk: Uint8Array) => void) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = openSync(temporary, "wx");
  try {
    try {
      await fill((chunk) => {
        for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
      });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
