import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Directories of this user. */
export interface Locations {
  /** T4's own directory, with `config.yml` and the local registry. */
  readonly base: string;
  /** What can be made again. */
  readonly cache: string;
  /** The user's home directory. */
  readonly home: string;
}

/**
 * Where T4 keeps what belongs to this user. Nothing is made or read.
 *
 * @example
 * ```ts
 * import { locations } from "t4";
 *
 * console.log(locations().base); // /home/alice/.local/share/T4
 * ```
 */
export function locations(): Locations {
  return locationsOf(process.env, process.platform);
}

/**
 * The places on a platform and in an environment.
 *
 * Source: the directories of T4 2019 (`appdirs.user_data_dir("T4")`), so that both see one local registry.
 */
export function locationsOf(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Locations {
  const home = homedir();
  if (platform === "win32") {
    const local = environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
    return { home, base: join(local, "QuiltData", "T4"), cache: join(local, "QuiltData", "T4", "Cache") };
  }
  if (platform === "darwin") {
    return {
      home,
      base: join(home, "Library", "Application Support", "T4"),
      cache: join(home, "Library", "Caches", "T4"),
    };
  }
  const data = absolute(environment["XDG_DATA_HOME"]) ?? join(home, ".local", "share");
  const cache = absolute(environment["XDG_CACHE_HOME"]) ?? join(home, ".cache");
  return { home, base: join(data, "T4"), cache: join(cache, "T4") };
}

/** The rule of the XDG directories: a path that is not absolute does not count. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
