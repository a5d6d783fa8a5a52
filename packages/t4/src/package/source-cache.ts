import { createHash } from "node:crypto";
import { join } from "node:path";
import { locations } from "../config/locations.js";
import { openStatCache, type StatCache } from "../transfer/stat-cache.js";

/** The stat cache of one directory tree, among this user's caches. */
export function openDirectoryCache(directory: string): StatCache {
  const name = createHash("sha256").update(directory).digest("hex");
  return openStatCache(join(locations().cache, "stat", name));
}
