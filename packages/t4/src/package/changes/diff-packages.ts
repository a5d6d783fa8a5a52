import { canonicalJson } from "../../format/json-write.js";
import { compareLogicalKeys } from "../../format/logical-key.js";
import { diffTrees } from "../../manifest/diff-trees.js";
import { metaAt } from "../edit.js";
import type { PackageState } from "../package-state.js";

/** What differs between two packages, each list in the order of the manifest. */
export interface PackageDiff {
  /** Keys that only the other package has. */
  readonly added: readonly string[];
  /** Keys that both have, with another size, hash or metadata. */
  readonly modified: readonly string[];
  /** Keys that only this package has. */
  readonly deleted: readonly string[];
  /** Directories with other metadata; `""` is the package itself. */
  readonly metadata: readonly string[];
}

/** Compares two packages: entries are equal when size, hash and metadata are. Message and workflow do not count. */
export function diffPackages(before: PackageState, after: PackageState): PackageDiff {
  const found = { added: [] as string[], modified: [] as string[], deleted: [] as string[] };
  for (const { kind, logicalKey } of diffTrees(before.tree, after.tree)) found[kind].push(logicalKey);
  const directories = new Set(["", ...before.directories.keys(), ...after.directories.keys()]);
  const metadata = [...directories].filter((path) => textAt(before, path) !== textAt(after, path));
  return { ...found, metadata: metadata.sort(compareLogicalKeys) };
}

/** Metadata as it is compared; what is empty is as if it were not there. */
function textAt(state: PackageState, path: string): string {
  return canonicalJson(metaAt(state, path) ?? new Map());
}
