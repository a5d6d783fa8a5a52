import { isT4Error, T4Error } from "../../base/errors.js";
import { conflictsOf, openConflicts } from "../changes/conflict.js";
import { hashPending } from "../hash-pending.js";
import type { OpenDirectoryOptions } from "../package-options.js";
import { type Base, contentOf, isBaseIn, type PackageState, stateOf } from "../package-state.js";
import { accessOf } from "../registries/open-revision.js";
import { openLocation } from "../registries/registry-location.js";
import { setDirectory } from "../scan/set-directory.js";
import { pathOf } from "../sources/local-source.js";
import { type Remembered, readBase, readMemory, writeMemory } from "./directory-memory.js";

/** What a directory remembers: the revision that it was filled with or published as. */
export interface DirectoryBase {
  /** The package's name. */
  readonly name: string;
  /** URL of the registry. */
  readonly registry: string;
  /** The revision it stands on. */
  readonly topHash: string;
}

/**
 * What a directory remembers, without looking at its files; `undefined` when it was neither installed nor pushed. Costs one
 * small read.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when what it remembers is damaged.
 *
 * @example
 * ```ts
 * import { directoryBase, Package } from "t4";
 * await new Package().push("alice/a", "./registry");
 * await Package.install("alice/a", { registry: "./registry", dest: "./data" });
 * console.log((await directoryBase("./data"))?.name); // alice/a
 * ```
 */
export async function directoryBase(directory: string): Promise<DirectoryBase | undefined> {
  const base = readBase(pathOf(directory));
  return base && { name: base.name, registry: base.registry, topHash: base.topHash };
}

/** The revision that a directory stands on, without looking at its files; `undefined` when it remembers none. */
export async function openBase(path: string): Promise<PackageState | undefined> {
  return (await recall(path))?.before;
}

async function recall(path: string): Promise<Pick<DirectoryState, "base" | "before"> | undefined> {
  const memory = readMemory(path);
  if (memory === undefined) return undefined;
  const { manifest, ...remembered } = memory;
  const registry = await openLocation(remembered.registry);
  const base = { ...remembered, identity: registry.identity };
  return { base, before: stateOf(manifest, { access: accessOf(registry), bases: [base] }) };
}

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
export async function openDirectory(
  path: string,
  options: OpenDirectoryOptions = {},
): Promise<DirectoryState | undefined> {
  const recalled = await recall(path);
  if (recalled === undefined) return undefined;
  const { base, before } = recalled;
  const now = await hashPending(
    setDirectory(before, {
      directory: "",
      source: path,
      mirror: true,
      signal: options.signal,
      onSkipped: options.onSkipped,
    }),
    options,
  );
  return { base, before, now, conflicts: conflictsOf(now, base) };
}

/** Makes a directory remember the revision that a package stands on. */
export async function remember(state: PackageState, directory: string): Promise<void> {
  const base = await requireFreeFor(state, directory);
  const known = readBase(directory);
  if (known !== undefined && isRemembered(known, base) && isWhole(directory)) return;
  const { origin } = state;
  if (origin?.topHash === base.topHash && origin.identity === base.identity)
    return writeMemory(directory, base, contentOf(origin));
  const registry = await openLocation(base.registry);
  const manifest = await registry.readManifest(base.topHash);
  try {
    const { header, directories, run } = manifest;
    await writeMemory(directory, base, { header, directories, entries: run.entries() });
  } finally {
    manifest.close();
  }
}

/** Whether a directory remembers just that: nothing has to be read from the registry for it. */
function isRemembered(known: Remembered, base: Base): boolean {
  const isSame = known.name === base.name && known.registry === base.registry && known.topHash === base.topHash;
  return isSame && known.ancestors.size === 0 && base.ancestors.size === 0;
}

function isWhole(directory: string): boolean {
  try {
    readMemory(directory)?.manifest.close();
    return true;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INTEGRITY")) return false;
    throw error;
  }
}

/**
 * Refuses what a directory may not remember, and returns the revision that it would. What is not settled with one package must
 * not be forgotten because the directory is published or filled as another one.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when it has conflicts with another package.
 */
export async function requireFreeFor(state: PackageState, directory: string): Promise<Base> {
  const base = state.bases.at(-1);
  if (base === undefined) {
    throw new T4Error("ERR_T4_USAGE", "The package stands on no revision yet.", { hint: "Push or install it first." });
  }
  if ((readBase(directory)?.ancestors.size ?? 0) === 0) return base;
  const known = await recall(directory);
  if (known === undefined || isBaseIn(known.base, base)) return base;
  const conflicts = openConflicts(known.base, known.before.tree);
  if (conflicts.length === 0) return base;
  throw new T4Error(
    "ERR_T4_CONFLICT",
    `${directory} has unsettled conflicts with ${known.base.name}, which it goes on to remember.`,
    {
      hint: "Settle them with t4 resolve first.",
      facts: { package: known.base.name, conflicts },
    },
  );
}
