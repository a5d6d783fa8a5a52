import { T4Error } from "../base/errors.js";
import { conflictsOf } from "./conflict.js";
import { readMemory, writeMemory } from "./directory-memory.js";
import { hashPending } from "./hash-pending.js";
import { accessOf } from "./open-revision.js";
import { type Base, type PackageState, stateOf } from "./package-state.js";
import { openLocation } from "./registry-location.js";
import { setDirectory } from "./set-directory.js";

/** A directory as it was and is. */
export interface DirectoryState {
  readonly base: Base;
  /** The revision that it stands on. */
  readonly before: PackageState;
  /** The directory as it is now, with all hashes. */
  readonly now: PackageState;
  /** Logical keys of files that were changed here and in the revision, each in another way. */
  readonly conflicts: readonly string[];
}

/** Opens a directory that remembers a revision; `undefined` when it remembers none. */
export async function openDirectory(path: string, signal?: AbortSignal): Promise<DirectoryState | undefined> {
  const memory = readMemory(path);
  if (memory === undefined) return undefined;
  const { manifest, ...remembered } = memory;
  const registry = await openLocation(remembered.registry);
  const base = { ...remembered, identity: registry.identity };
  const before = stateOf(manifest, { access: accessOf(registry), bases: [base] });
  const now = await hashPending(setDirectory(before, { directory: "", source: path, mirror: true, signal }), {
    signal,
  });
  return { base, before, now, conflicts: conflictsOf(now, base) };
}

/** Makes a directory remember the revision that a package stands on. */
export async function remember(state: PackageState, directory: string): Promise<void> {
  const base = state.bases.at(-1);
  if (base === undefined) {
    throw new T4Error("ERR_T4_USAGE", "The package stands on no revision yet.", { hint: "Push or install it first." });
  }
  const registry = await openLocation(base.registry);
  const manifest = await registry.readManifest(base.topHash);
  try {
    const { header, directories, run } = manifest;
    await writeMemory(directory, base, { header, directories, entries: run.entries() });
  } finally {
    manifest.close();
  }
}
