import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAbsent, isT4Error, systemCode, T4Error } from "../../base/errors.js";
import { ioError, isSystemError } from "../../base/io-error.js";
import { isDeepJson } from "../../base/nesting.js";
import { parseTopHash } from "../../format/top-hash.js";
import { encodeManifest, type ManifestContent } from "../../manifest/encode-manifest.js";
import { type Manifest, openManifest } from "../../manifest/manifest.js";
import { fileReader } from "../../store/file/file-reader.js";
import { makeDirectorySync, syncDirectorySync } from "../../store/file/make-directory.js";
import { readRegularText } from "../../store/file/regular-file.js";
import { removeAbandoned, replaceFile } from "../../store/file/replace-file.js";
import type { Ancestor, Base } from "../package-state.js";

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
/** Names of manifests; a record may lead to no other file. */
const MANIFEST = /^[0-9a-f]{64}-[0-9a-f-]{36}\.jsonl$/;

/** A record of a hundred thousand conflicts is smaller. */
const MAX_RECORD_BYTES = 16 << 20;

/** The record of a revision, as it is on the disk. */
interface Revision {
  readonly name: string;
  readonly registry: string;
  readonly topHash: string;
  /** The file beside the record that holds the manifest; nobody else's record leads to it. */
  readonly manifest: string;
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
  return readRecord(directory)?.base;
}

interface Recorded {
  readonly base: Remembered;
  /** Name of the manifest's file. */
  readonly manifest: string;
}

function readRecord(directory: string): Recorded | undefined {
  const path = join(directory, FOLDER, RECORD);
  let text: string;
  try {
    text = readRegularText(path, MAX_RECORD_BYTES);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (isT4Error(error)) throw damaged(directory, error);
    throw ioError(`read ${path}`, error);
  }
  return undamaged(directory, () => {
    const { name, registry, manifest, conflicts = [], ...record } = parseRecord(text);
    const topHash = parseTopHash(record.topHash);
    if (!MANIFEST.test(manifest)) throw new T4Error("ERR_T4_FORMAT", "It names no manifest.");
    const ancestors = new Map(conflicts.map(({ logicalKey, ancestor }) => [logicalKey, ancestorOf(ancestor)]));
    return { base: { name, registry, topHash, ancestors }, manifest };
  });
}

/** Somebody else may have left the directory with anything in it. */
function parseRecord(text: string): Revision {
  if (isDeepJson(text)) throw new T4Error("ERR_T4_FORMAT", "It is nested too deeply.");
  return JSON.parse(text) as Revision;
}

/** Reads a directory's memory; `undefined` when it has none. */
export function readMemory(directory: string): DirectoryMemory | undefined {
  for (;;) {
    const record = readRecord(directory);
    if (record === undefined) return undefined;
    const memory = undamaged(directory, () => openMemory(directory, record));
    if (memory !== undefined) return memory;
  }
}

/** `undefined` when another process has replaced the record meanwhile, and removed what it led to. */
function openMemory(directory: string, { base, manifest: name }: Recorded): DirectoryMemory | undefined {
  const path = join(directory, FOLDER, name);
  let reader: ReturnType<typeof fileReader>;
  try {
    reader = fileReader(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT" && readRecord(directory)?.manifest !== name) return undefined;
    throw error;
  }
  try {
    const manifest = openManifest(reader);
    if (manifest.topHash === base.topHash) return { ...base, manifest };
    throw new T4Error("ERR_T4_INTEGRITY", `The manifest ${path} is damaged.`);
  } catch (error) {
    reader.close();
    throw error;
  }
}

function undamaged<Result>(directory: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    // A disk that fails says nothing about what is on it.
    if (isSystemError(cause) && systemCode(cause) !== "ENOENT")
      throw ioError(`read what ${directory} remembers`, cause);
    throw damaged(directory, cause);
  }
}

function damaged(directory: string, cause: unknown): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `What ${directory} remembers of its package is damaged.`, {
    hint: `Remove ${join(directory, FOLDER)} and install or push again; your files stay.`,
    facts: { path: join(directory, FOLDER, RECORD) },
    cause,
  });
}

/**
 * Writes a directory's memory, manifest first, so that it is whole at any moment. Of two processes that do, the last one's
 * stays: each manifest has a name of its own, so that nobody removes another's.
 *
 * An install writes it after its files. If it dies between, the directory stands on its former revision with some files
 * of the new one: a push meets a conflict then, and the next install finds those files right.
 */
export async function writeMemory(directory: string, base: Remembered, content: ManifestContent): Promise<void> {
  const folder = join(directory, FOLDER);
  makeDirectorySync(folder);
  const previous = readPrevious(folder);
  const manifest = `${base.topHash}-${randomUUID()}.jsonl`;
  await writeFlushed(join(folder, manifest), (write) => encodeManifest(content, write));
  const record = recordOf(base, manifest);
  await writeFlushed(join(folder, RECORD), (write) => write(Buffer.from(`${JSON.stringify(record, null, 2)}\n`)));
  // The old record leads to the old manifest, which goes only when the new one is sure to stay.
  syncDirectorySync(folder);
  if (previous !== undefined) rmSync(join(folder, previous), { force: true });
  removeAbandoned(folder, (name) => MANIFEST.test(name) && name !== manifest);
}

function recordOf({ name, registry, topHash, ancestors }: Remembered, manifest: string): Revision {
  const conflicts = Array.from(ancestors, ([logicalKey, ancestor]): Conflict => {
    if (ancestor === undefined) return { logicalKey, ancestor: null };
    const { type, value } = ancestor.hash ?? NO_HASH;
    return { logicalKey, ancestor: { size: typeof ancestor.size === "number" ? ancestor.size : null, type, value } };
  });
  return { name, registry, topHash, manifest, ...(conflicts.length > 0 && { conflicts }) };
}

/** Stands for the hash of a foreign entry that has none: no file is the same. */
const NO_HASH = { type: "", value: "" };

function ancestorOf(ancestor: Conflict["ancestor"]): Ancestor {
  if (ancestor === null) return undefined;
  const { size, type, value } = ancestor;
  if (typeof type === "string" && typeof value === "string") return { size, hash: { type, value } };
  throw new T4Error("ERR_T4_FORMAT", "What a file in conflict was before has no hash.");
}

/** The manifest of the record that is there. */
function readPrevious(folder: string): string | undefined {
  try {
    const { manifest } = parseRecord(readRegularText(join(folder, RECORD), MAX_RECORD_BYTES));
    return MANIFEST.test(manifest) ? manifest : undefined;
  } catch {
    // Nothing to tidy up: there is none, or it is damaged and about to be replaced.
    return undefined;
  }
}

/** Replaces a file in one step by one that is on the disk. */
async function writeFlushed(path: string, fill: (write: (chunk: Uint8Array) => void) => unknown): Promise<void> {
  try {
    const replacement = replaceFile(path, { isFlushed: true });
    try {
      await fill(replacement.write);
      replacement.finish();
    } finally {
      replacement.drop();
    }
  } catch (error) {
    throw ioError(`write ${path}`, error);
  }
}
