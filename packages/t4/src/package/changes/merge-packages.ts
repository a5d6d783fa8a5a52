import { isT4Error, T4Error } from "../../base/errors.js";
import { andMore } from "../../base/listing.js";
import { withUserMeta } from "../../format/header.js";
import type { Json } from "../../format/json-value.js";
import { canonicalJson } from "../../format/json-write.js";
import { type EntryDiff, sameEntry } from "../../manifest/diff-entries.js";
import { diffTrees } from "../../manifest/diff-trees.js";
import type { PackageTree } from "../../manifest/package-tree.js";
import { metaAt, withTree } from "../edit.js";
import { type Base, isBaseIn, type PackageState } from "../package-state.js";
import { joinAccess, requireAllowed } from "../sources/file-access.js";
import { conflictsOf } from "./conflict.js";
import { sameBytes } from "./three-way.js";

/** Two packages that were made from one. */
export interface Merge {
  readonly base: PackageState;
  readonly mine: PackageState;
  readonly theirs: PackageState;
}

/** How many of the keys in conflict the message names; the error's facts have all. */
const NAMED = 10;

/**
 * Their package with everything that changed from the base to mine; it stands on their revision.
 *
 * Costs one comparison of base and mine, and one look-up per change.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` with all keys that both changed, each in another way.
 */
export function mergePackages(merge: Merge): PackageState {
  const { base, mine, theirs } = merge;
  const clashes: string[] = [];
  const merged = withTree(theirs, (tree) => {
    const changes = [...diffTrees(base.tree, mine.tree)];
    // Removals first: a directory may stand where a file was.
    for (const change of [...changes.filter(isRemoval), ...changes.filter((one) => !isRemoval(one))])
      if (!applyChange(tree, change)) clashes.push(change.logicalKey);
  });
  const header = withUserMeta(theirs.header, mergeMeta(merge, "", clashes));
  const paths = new Set([...theirs.directories.keys(), ...mine.directories.keys()]);
  const directories = new Map<string, Json>();
  for (const path of paths) {
    const meta = mergeMeta(merge, path, clashes);
    if (meta !== undefined) directories.set(path, meta);
  }
  const isTheirs = (place: Base): boolean => theirs.bases.some((known) => isBaseIn(known, place));
  for (const key of mine.bases.filter(isTheirs).flatMap((place) => conflictsOf(mine, place)))
    if (!clashes.includes(key) && !sameBytes(mine.tree.get(key), theirs.tree.get(key))) clashes.push(key);
  if (clashes.length > 0) throw conflict(clashes);
  const bases = [...theirs.bases, ...mine.bases.filter((place) => !isTheirs(place))];
  const access = joinAccess(mine.access, theirs.access);
  for (const side of [mine, theirs]) requireAllowed(side.tree.entries(), { own: side.access, joined: access });
  return {
    ...merged,
    header,
    directories,
    bases,
    access,
    scanned: mine.scanned,
  };
}

function isRemoval({ kind }: EntryDiff): boolean {
  return kind === "deleted";
}

/** Makes a change in their tree; `false` when they changed the same, and not to the same. */
function applyChange(tree: PackageTree, change: EntryDiff): boolean {
  const { logicalKey } = change;
  const before = change.kind === "added" ? undefined : change.before;
  const after = change.kind === "deleted" ? undefined : change.after;
  const present = tree.get(logicalKey);
  const is = (entry: typeof present): boolean =>
    present === undefined || entry === undefined ? present === entry : sameEntry(present, entry);
  if (is(after)) return true;
  if (!is(before)) return false;
  if (after === undefined) return tree.delete(logicalKey);
  try {
    tree.set(after);
    return true;
  } catch (error) {
    // They have a directory where this is a file, or the reverse.
    if (isT4Error(error, "ERR_T4_INVALID_KEY")) return false;
    throw error;
  }
}

/** Metadata of the package (`""`) or a directory after the merge; a clash is noted as the directory's key. */
function mergeMeta({ base, mine, theirs }: Merge, path: string, clashes: string[]): Json | undefined {
  const text = (state: PackageState): string | undefined => {
    const meta = metaAt(state, path);
    return meta === undefined ? undefined : canonicalJson(meta);
  };
  if (text(mine) === text(base)) return metaAt(theirs, path);
  if (text(theirs) !== text(base) && text(theirs) !== text(mine)) clashes.push(`${path}/`);
  return metaAt(mine, path);
}

function conflict(clashes: readonly string[]): T4Error {
  const some = clashes.slice(0, NAMED).map((key) => JSON.stringify(key));
  return new T4Error("ERR_T4_CONFLICT", `Both packages changed ${andMore(some, clashes.length)} in different ways.`, {
    hint: "Set these keys in your package to what they should become in both, then merge again; a key that ends in / means metadata.",
    facts: { clashes },
  });
}
