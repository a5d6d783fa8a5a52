import type { TrialMemory, Tried } from "../../store/s3/conditions.js";
import { cachePath, readCacheFile, writeCacheFile } from "../cache-file.js";

/** So long it is believed that a server is as it was found: nobody tells us of another one in its place. */
const TRIAL_MS = 7 * 24 * 3600 * 1000;

/** Keeps in the user's cache that a bucket keeps conditions; one that does not is tried out each time, as it may be mended. */
export function userTrials(place: readonly string[]): TrialMemory {
  const path = cachePath("buckets", JSON.stringify(place));
  return {
    recall() {
      const bytes = readCacheFile(path);
      const { at = 0, ...tried } = bytes === undefined ? {} : parse(bytes);
      const age = Date.now() - at;
      return age >= 0 && age < TRIAL_MS && isTried(tried) ? tried : undefined;
    },
    remember(tried) {
      const isSound = tried.conditions !== "unsound";
      writeCacheFile(path, [Buffer.from(JSON.stringify({ ...tried, at: isSound ? Date.now() : 0 }))]);
    },
  };
}

function parse(bytes: Uint8Array): Partial<Tried> & { readonly at?: number } {
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

function isTried(tried: Partial<Tried>): tried is Tried {
  const { conditions, isVersioned } = tried;
  return (conditions === "quoted" || conditions === "bare") && typeof isVersioned === "boolean";
}
