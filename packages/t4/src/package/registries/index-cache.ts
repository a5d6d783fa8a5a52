import { join } from "node:path";
import { locations } from "../../config/locations.js";
import type { IndexCache } from "../../registry/index-cache.js";
import { pruneCache, readCacheFile, writeCacheFile } from "../cache-file.js";

/** So many indexes are kept; one of a million rows takes 0.5 MB. */
const KEPT_INDEXES = 64;

/** The indexes of manifests in the user's cache, by top hash: whatever registry a manifest is in, its content is one. */
export function userIndexCache(): IndexCache {
  const directory = join(locations().cache, "manifests");
  return {
    read: (topHash) => readCacheFile(join(directory, topHash)),
    write(topHash, bytes) {
      writeCacheFile(join(directory, topHash), [bytes]);
      pruneCache(directory, KEPT_INDEXES);
    },
  };
}
