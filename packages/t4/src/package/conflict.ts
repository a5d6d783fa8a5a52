import { isT4Error, type T4Error } from "../base/errors.js";
import { diffTrees } from "../manifest/diff-trees.js";
import { PackageTree } from "../manifest/package-tree.js";
import { conflictError, type Moved } from "../registry/commit.js";
import type { OpenRegistry } from "./registry-location.js";

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
  try {
    const [before, after] = [await registry.browseManifest(parent), await registry.browseManifest(latest)];
    for (const { kind, logicalKey } of diffTrees(new PackageTree(before.run), new PackageTree(after.run))) {
      if (count++ < NAMED_KEYS) keys.push(`${kind} ${JSON.stringify(logicalKey)}`);
    }
    before.close();
    after.close();
  } catch (error) {
    // The conflict is what matters; that a manifest is gone or damaged is fsck's to say.
    if (isT4Error(error)) return "";
    throw error;
  }
  if (count === 0) return " The others changed no file.";
  return ` The others ${keys.join(", ")}${count > NAMED_KEYS ? ` and ${count - NAMED_KEYS} more` : ""}.`;
}
