import type { PackageTree } from "../../manifest/package-tree.js";
import type { Tracked } from "../../transfer/walk-directory.js";
import { withMeta, withTree } from "../edit.js";
import type { SetDirOptions } from "../package-options.js";
import type { PackageState } from "../package-state.js";
import { scanDirectory } from "./scan-directory.js";
import { scanRun } from "./scan-run.js";

/** A local directory to be taken into a package. */
export interface SetDirectory extends SetDirOptions {
  /** Where in the package, `""` for its root. */
  readonly directory: string;
  /** Path of the local directory. */
  readonly source: string;
}

/**
 * A package with all files of a local directory, also those that a rule leaves out but the package has; files that did not
 * change since they were last hashed have their hash.
 */
export function setDirectory(state: PackageState, request: SetDirectory): PackageState {
  const { directory, source, meta, updatePolicy = "incoming", mirror = false, ...walkOptions } = request;
  const prefix = directory === "" ? "" : `${directory}/`;
  const scan = scanDirectory(source, { ...walkOptions, tracked: trackedIn(state.tree, prefix) });
  const changed = withTree({ ...state, scanned: { scan, prefix } }, (tree) =>
    tree.setRun(directory, scanRun(scan, prefix), { updatePolicy, mirror }),
  );
  return meta === undefined ? changed : withMeta(changed, directory, meta);
}

/** The files of a package, as paths below one of its directories: `prefix` is empty or ends in a slash. */
export function trackedIn(tree: PackageTree, prefix = ""): Tracked {
  return {
    isFile: (key) => tree.get(prefix + key) !== undefined,
    isDirectory: (key) => tree.isDirectory(prefix + key),
  };
}
