import { isT4Error, T4Error } from "../../base/errors.js";
import { andMore } from "../../base/listing.js";
import { shellWord } from "../../base/shell-word.js";
import { compareLogicalKeys } from "../../format/logical-key.js";
import { shortHash } from "../../format/top-hash.js";
import { diffTrees } from "../../manifest/diff-trees.js";
import type { Manifest } from "../../manifest/manifest.js";
import { PackageTree } from "../../manifest/package-tree.js";
import { conflictError, type Moved } from "../../registry/commit.js";
import type { Base, PackageState } from "../package-state.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import { sameBytes } from "./three-way.js";

/** So many changed keys are named. */
const NAMED_KEYS = 5;

/** The error for a push whose base is no longer the latest revision: both hashes, what the others changed, the ways out. */
export async function conflictOf(registry: OpenRegistry, moved: Moved): Promise<T4Error> {
  return conflictError(moved, await describeChanges(registry, moved));
}

async function describeChanges(registry: OpenRegistry, { parent, latest }: Moved): Promise<string> {
  if (parent === undefined || latest === undefined) return "";
  const keys: string[] = [];
  let count = 0;
  const opened: Manifest[] = [];
  try {
    opened.push(await registry.browseManifest(parent));
    opened.push(await registry.browseManifest(latest));
    const [before, after] = opened.map(({ run }) => new PackageTree(run)) as [PackageTree, PackageTree];
    for (const { kind, logicalKey } of diffTrees(before, after)) {
      if (count++ < NAMED_KEYS) keys.push(`${kind} ${JSON.stringify(logicalKey)}`);
    }
  } catch (error) {
    // The conflict is what matters; that a manifest is gone or damaged is fsck's to say.
    if (isT4Error(error)) return "";
    throw error;
  } finally {
    for (const manifest of opened) manifest.close();
  }
  if (count === 0) return " The others changed no file.";
  return ` The others ${andMore(keys, count)}.`;
}

/** Files of a directory that were changed here and in the revision that it stands on, each in another way. */
export function conflictsOf({ tree, origin }: PackageState, base: Pick<Base, "ancestors">): readonly string[] {
  return openConflicts(base, origin?.tree).filter((key) => !sameBytes(tree.get(key), origin?.tree.get(key)));
}

/** Files that a directory did not take from a revision which had changed them. */
export function openConflicts({ ancestors }: Pick<Base, "ancestors">, revision: PackageTree | undefined): string[] {
  const keys = [...ancestors].filter(([key, ancestor]) => !sameBytes(ancestor, revision?.get(key))).map(([key]) => key);
  return keys.sort(compareLogicalKeys);
}

/** @throws {@link T4Error} `ERR_T4_CONFLICT` naming the files at which a push would replace what others changed. */
export function requireSettled(state: PackageState, base: Base): void {
  const conflicts = conflictsOf(state, base);
  const [first] = conflicts;
  if (first === undefined) return;
  const keys = conflicts.slice(0, NAMED_KEYS).map((key) => JSON.stringify(key));
  const path = shellWord(first);
  throw new T4Error(
    "ERR_T4_CONFLICT",
    `Both you and revision ${shortHash(base.topHash)} of ${base.name} changed ${andMore(keys, conflicts.length)}. Nothing was published.`,
    {
      hint: `Settle each: t4 resolve --theirs ${path} takes theirs; t4 resolve --mine ${path} says that the file is right as it is here, edited as need be.`,
      facts: { package: base.name, topHash: base.topHash, conflicts },
    },
  );
}
