import { diffTrees } from "../manifest/diff-trees.js";
import type { PackageState } from "./package-state.js";

/** Logical keys that differ between two packages, each list in the order of the manifest. */
export interface PackageDiff {
  /** Keys that only the other package has. */
  readonly added: readonly string[];
  /** Keys that both have, with another size, hash or metadata. */
  readonly modified: readonly string[];
  /** Keys that only this package has. */
  readonly deleted: readonly string[];
}

/** Compares two packages: entries are equal when size, hash and metadata are. */
export function diffPackages(before: PackageState, after: PackageState): PackageDiff {
  const found = { added: [] as string[], modified: [] as string[], deleted: [] as string[] };
  for (const { kind, logicalKey } of diffTrees(before.tree, after.tree)) found[kind].push(logicalKey);
  return found;
}
