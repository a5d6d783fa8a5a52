import { T4Error } from "../../base/errors.js";
import { isAt, parseDirectoryKey } from "../../format/logical-key.js";
import { PackageTree } from "../../manifest/package-tree.js";
import type { ResolveOptions } from "../package-options.js";
import type { Ancestor } from "../package-state.js";
import { writeMemory } from "./directory-memory.js";
import { installFiles } from "./install-files.js";
import { type DirectoryState, openDirectory } from "./open-directory.js";

/** Settles conflicts of a directory; returns the logical keys. Files come first, then what the directory remembers. */
export async function resolveConflicts(path: string, options: ResolveOptions): Promise<readonly string[]> {
  const { take, dryRun = false, signal } = options;
  requireSide(take);
  const directory = await openDirectory(path, { signal });
  if (directory === undefined) {
    throw new T4Error("ERR_T4_USAGE", `${path} was neither installed nor pushed.`, {
      hint: "t4 install or t4 push makes it one that remembers its package.",
    });
  }
  const keys = selectKeys(directory.conflicts, options.keys.map(parseDirectoryKey));
  if (dryRun) return keys;
  if (take === "theirs") await takeTheirs(path, { ...directory, conflicts: keys }, options);
  const { base, before } = directory;
  const ancestors = new Map([...base.ancestors].filter(([key]) => !keys.includes(key)));
  // A file that is right as deleted stays so.
  for (const key of take === "mine" ? keys : [])
    if (directory.now.tree.get(key) === undefined) ancestors.set(key, before.tree.get(key));
  const { header, directories, tree } = before;
  await writeMemory(path, { ...base, ancestors }, { header, directories, entries: tree.entries() });
  return keys;
}

function requireSide(take: string): void {
  if (take === "mine" || take === "theirs") return;
  throw new T4Error("ERR_T4_USAGE", `Expected "mine" or "theirs" to take, got ${JSON.stringify(take)}.`, {
    hint: `"theirs" is the revision's file, "mine" the one that is in the directory.`,
  });
}

/** The conflicts at or below the wanted keys, each of which must have one. */
function selectKeys(conflicts: readonly string[], wanted: readonly string[]): readonly string[] {
  for (const place of wanted) {
    if (conflicts.some((key) => isAt(key, place))) continue;
    throw new T4Error("ERR_T4_NOT_FOUND", `There is no conflict at ${JSON.stringify(place)}. Nothing was settled.`, {
      hint: conflicts.length === 0 ? "The directory has none." : "t4 status names all conflicts.",
      facts: { logicalKey: place, conflicts },
    });
  }
  return conflicts.filter((key) => wanted.some((place) => isAt(key, place)));
}

/** Makes the files in conflict what they are in the revision. */
async function takeTheirs(
  dest: string,
  { base, before, conflicts }: DirectoryState,
  { signal, onProgress }: ResolveOptions,
): Promise<void> {
  const theirs = new PackageTree();
  const ancestors = new Map<string, Ancestor>();
  for (const key of conflicts) {
    const entry = before.tree.get(key);
    if (entry !== undefined) theirs.set(entry);
    else ancestors.set(key, base.ancestors.get(key));
  }
  const gone = { tree: new PackageTree(), ancestors, isSame: true };
  const { access } = before;
  await installFiles({ tree: theirs, access, dest, path: "", before: gone, overwrite: true, signal, onProgress });
}
