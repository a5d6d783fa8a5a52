import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import { parseTopHash, type TopHash } from "../format/top-hash.js";
import { encodeManifest, type ManifestContent } from "../manifest/encode-manifest.js";
import { type Manifest, openManifest } from "../manifest/manifest.js";
import { fileReader } from "../store/file/file-reader.js";
import type { Base } from "./package-state.js";

/** What a directory remembers of the revision that it was filled with or published as. */
export interface DirectoryMemory extends Base {
  /** That revision's manifest, kept beside, so that looking at changes needs no registry. */
  readonly manifest: Manifest;
}

/** Where a directory keeps its memory; never part of a package. */
const FOLDER = ".t4";
const RECORD = "revision.json";

/** Reads which revision a directory stands on; `undefined` when it remembers none. */
export function readBase(directory: string): Base | undefined {
  const path = join(directory, FOLDER, RECORD);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
  return undamaged(directory, () => {
    const record = JSON.parse(text) as { readonly name: string; readonly registry: string; readonly topHash: string };
    return { name: record.name, registry: record.registry, topHash: parseTopHash(record.topHash) };
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
    throw new T4Error("ERR_T4_INTEGRITY", `What ${directory} remembers of its package is damaged.`, {
      hint: `Remove ${join(directory, FOLDER)} and install or push again; your files stay.`,
      facts: { path: join(directory, FOLDER, RECORD) },
      cause,
    });
  }
}

/** Writes a directory's memory, manifest first, so that it is whole at any moment. */
export async function writeMemory(directory: string, base: Base, content: ManifestContent): Promise<void> {
  const folder = join(directory, FOLDER);
  mkdirSync(folder, { recursive: true });
  const previous = readPrevious(folder);
  await writeAtomically(join(folder, manifestName(base.topHash)), async (write) => {
    await encodeManifest(content, write);
  });
  const record = { name: base.name, registry: base.registry, topHash: base.topHash };
  await writeAtomically(join(folder, RECORD), async (write) =>
    write(Buffer.from(`${JSON.stringify(record, null, 2)}\n`)),
  );
  if (previous !== undefined && previous !== base.topHash)
    rmSync(join(folder, manifestName(previous)), { force: true });
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
