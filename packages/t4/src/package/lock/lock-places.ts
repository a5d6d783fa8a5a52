import nodePath, { isAbsolute, relative, resolve, sep } from "node:path";
import { T4Error } from "../../base/errors.js";
import { isGuarded } from "../../base/guarded-name.js";
import { wayBelow } from "../../base/way-below.js";
import { pathOrUrl } from "../../format/physical-key.js";
import { realPath } from "../../store/file/local-file.js";
import { LOCAL } from "../registries/registry-location.js";
import { pathOf } from "../sources/local-source.js";

/**
 * A registry as a lock file names it. A folder that lies below the project, or was named by a relative path, is a relative
 * path, so that it is found in every checkout; anything else stays where it is on all machines.
 */
export function lockedRegistry(url: string, named: string | undefined, directory: string): string {
  if (named === LOCAL) return LOCAL;
  const path = pathOrUrl(url);
  return isAbsolute(path) ? lockedPath(path, { isRelative: isRelative(named), directory }) : path;
}

/** A directory that gets files as a lock file names it; by the same rule. */
export function lockedDestination(named: string, directory: string): string {
  return lockedPath(pathOf(named), { isRelative: isRelative(named), directory });
}

/** What a lock file's name of a registry means to this process. */
export function registryAt(locked: string, directory: string): string {
  const isElsewhere = locked === LOCAL || locked.startsWith("~") || /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(locked);
  return isElsewhere ? locked : resolve(directory, locked);
}

/**
 * Makes sure that the directory of a pin lies in the project, links followed: a lock file comes with a checkout, so a stranger may have
 * written it, and chosen the bytes as well.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE`.
 */
export function requireInside(
  dest: string,
  { name, path, directory }: { readonly name: string; readonly path: string; readonly directory: string },
): void {
  const way = wayBelow(realPath(dest), realPath(directory), nodePath);
  if (way !== undefined && !way.split(sep).some(isGuarded)) return;
  const problem = way === undefined ? "leads out of the project" : "is one that other programs act upon";
  throw new T4Error("ERR_T4_UNSAFE", `The directory ${dest} that ${path} has for ${name} ${problem}.`, {
    hint: `If you want the files there: t4 install ${name} --locked --dest <directory>.`,
    facts: { name, path, dest },
  });
}

function isRelative(named: string | undefined): boolean {
  return named !== undefined && !isAbsolute(named) && !named.startsWith("~") && !named.includes("://");
}

function lockedPath(path: string, options: { readonly isRelative: boolean; readonly directory: string }): string {
  const way = relative(options.directory, path);
  const isOutside = way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (isAbsolute(way) || (isOutside && !options.isRelative)) return path;
  const words = way.split(sep).join("/");
  return isOutside ? words : `./${words}`;
}
