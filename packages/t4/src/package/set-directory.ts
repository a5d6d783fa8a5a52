import { resolve } from "node:path";
import { NO_META } from "../format/entry.js";
import { fileUrl } from "../format/physical-key.js";
import type { EntryRun } from "../manifest/entry-run.js";
import { createRunBuilder } from "../manifest/run-builder.js";
import type { StatCache } from "../transfer/stat-cache.js";
import { type WalkOptions, walkDirectory } from "../transfer/walk-directory.js";
import { openDirectoryCache } from "./source-cache.js";

/** What a directory held, and the hashes that are known of it. */
export interface ScannedDirectory {
  readonly run: EntryRun;
  readonly cache: StatCache;
}

/** Lists a local directory as entries below `prefix`; files that did not change since they were last hashed have their hash. */
export function scanDirectory(directory: string, prefix: string, options: WalkOptions): ScannedDirectory {
  const cache = openDirectoryCache(resolve(directory));
  const builder = createRunBuilder();
  for (const { key, path, stamp } of walkDirectory(directory, options)) {
    builder.add({
      logicalKey: prefix === "" ? key : `${prefix}/${key}`,
      physicalKeys: [fileUrl(path)],
      size: stamp.size,
      hash: cache.lookup(path, stamp) ?? null,
      meta: NO_META,
      stamp,
    });
  }
  return { run: builder.finish(), cache };
}
