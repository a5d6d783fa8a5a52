import { resolve } from "node:path";
import { NO_META } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import type { EntryRun } from "../manifest/entry-run.js";
import { createRunBuilder } from "../manifest/run-builder.js";
import type { StatCache } from "../transfer/stat-cache.js";
import { type WalkOptions, walkDirectory } from "../transfer/walk-directory.js";
import { withMeta, withTree } from "./edit.js";
import type { SetDirOptions } from "./package-options.js";
import type { PackageState } from "./package-state.js";
import { openDirectoryCache } from "./source-cache.js";

/** A local directory to be taken into a package. */
export interface SetDirectory extends SetDirOptions {
  /** Where in the package, `""` for its root. */
  readonly directory: string;
  /** Path of the local directory. */
  readonly source: string;
}

/** A package with all files of a local directory; files that did not change since they were last hashed have their hash. */
export function setDirectory(state: PackageState, request: SetDirectory): PackageState {
  const { directory, source, meta, updatePolicy = "incoming", mirror = false, ...walkOptions } = request;
  const cache = openDirectoryCache(resolve(source));
  const run = scan(source, { ...walkOptions, prefix: directory === "" ? "" : `${directory}/`, cache });
  const changed = withTree({ ...state, cache }, (tree) => tree.setRun(directory, run, { updatePolicy, mirror }));
  return meta === undefined ? changed : withMeta(changed, directory, meta);
}

function scan(source: string, options: WalkOptions & { readonly prefix: string; readonly cache: StatCache }): EntryRun {
  const { prefix, cache, ...walkOptions } = options;
  const builder = createRunBuilder();
  for (const { key, path, stamp } of walkDirectory(source, walkOptions)) {
    builder.add({
      logicalKey: prefix + key,
      physicalKeys: [fileUrl(path)],
      size: stamp.size,
      hash: cache.lookup(path, stamp) ?? null,
      meta: NO_META,
      stamp,
    });
  }
  return builder.finish();
}
