import { existsSync, lstatSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import {
  type DirectoryBase,
  type DirectoryPackage,
  directoryBase,
  type LongOperationOptions,
  Package,
  T4Error,
} from "t4";
import { commandLine } from "./command-line.js";

/** A directory that was installed or pushed, and where in it the user stands. */
export interface Here extends DirectoryBase {
  /** The directory, as a path from where the user stands: `.`, `..`, `copy`. */
  readonly root: string;
  /** The logical key of the place where the user stands; `""` at the root, or outside. */
  readonly inside: string;
}

/** Where a directory keeps what it remembers. */
const MEMORY = ".t4";
const MAKE_ONE = "t4 install or t4 push makes it one that remembers its package.";

/**
 * The directory that was installed or pushed in which, or somewhere below which, the user stands.
 *
 * It is looked for upwards, as git does. One above that another user made does not count: whoever may write to `/tmp` could
 * else say where everything below it is published.
 */
export async function findHere(): Promise<Here | undefined> {
  const start = process.cwd();
  for (const directory of upwards(start)) {
    if (directory !== start && !isOurs(directory)) continue;
    const base = await directoryBase(directory);
    if (base === undefined) continue;
    return {
      ...base,
      root: relative(start, directory) || ".",
      inside: relative(directory, start).split(sep).join("/"),
    };
  }
  return undefined;
}

/** The directory that a command works on: the one that was named, or else that around the user. */
export async function workplace(named: string | undefined): Promise<Here> {
  if (named === undefined) {
    const here = await findHere();
    if (here !== undefined) return here;
    throw notRemembered(".", MAKE_ONE);
  }
  const base = await directoryBase(named);
  if (base !== undefined) return { ...base, root: named, inside: "" };
  throw notRemembered(named, MAKE_ONE);
}

/** Reads the directory that a command works on. */
export async function openWorkplace(
  named: string | undefined,
  options: LongOperationOptions = {},
): Promise<Here & { readonly pkg: DirectoryPackage }> {
  const place = await workplace(named);
  const pkg = await Package.openDirectory(place.root, options);
  if (pkg === undefined) throw notRemembered(place.root, MAKE_ONE);
  return { ...place, pkg };
}

/** Whether, in a directory that was installed or pushed, a path leads to something that it or its package has. */
export async function isPathHere(path: string): Promise<boolean> {
  const here = await findHere();
  if (here === undefined) return false;
  return existsSync(path) || (await Package.baseOf(here.root))?.has(keyFromHere(here, path)) === true;
}

/** How a path is told from a package, to somebody who wrote one that could be a package. */
export function asPath(path: string): string {
  return `There is ${commandLine(`./${path}`)} here: ./ in front makes a path of what could be a package.`;
}

/** Says that a directory remembers no package, and which one above it does. */
export function notRemembered(directory: string, hint: string): T4Error {
  const [, ...parents] = upwards(resolve(directory));
  const above = parents.find((path) => ownerOf(path) !== undefined);
  if (lstatSync(directory, { throwIfNoEntry: false })?.isFile() === true) return notDirectory(directory);
  const place = directory === "." ? "This directory" : directory;
  const message = `${place} was neither installed nor pushed`;
  if (above === undefined) return new T4Error("ERR_T4_USAGE", `${message}.`, { hint });
  return new T4Error("ERR_T4_USAGE", `${message}; ${above} was.`, {
    hint: isOurs(above)
      ? `Name that one, or ${commandLine("cd", above)} first.`
      : `It belongs to another user, and counts only for who is in it: ${commandLine("cd", above)} first.`,
  });
}

/** Whether somebody made a registry of a folder. */
export function isRegistry(path: string): boolean {
  return existsSync(join(path, ".quilt"));
}

/** The error for a file where a directory is expected. */
export function notDirectory(path: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `${path} is a file, not a directory.`, {
    hint: "Give the directory in which it is.",
    facts: { path },
  });
}

/** The path, from where the user stands, of a file of a directory; absolute where the directory was named so. */
export function pathFromHere({ root }: Pick<Here, "root">, logicalKey: string): string {
  return isAbsolute(root) ? join(root, logicalKey) : relative(process.cwd(), resolve(root, logicalKey));
}

/** A path as it is shortest where the user stands. */
export function placeFromHere(path: string): string {
  const near = relative(process.cwd(), path) || ".";
  return near.length < path.length ? near : path;
}

/**
 * The logical key of a path that is given from where the user stands.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a path that leads out of the directory.
 */
export function keyFromHere({ root }: Pick<Here, "root">, path: string): string {
  const key = relative(resolve(root), resolve(path)).split(sep).join("/");
  // From one drive to another the way is an absolute one.
  if (key !== ".." && !key.startsWith("../") && !isAbsolute(key)) return key;
  throw new T4Error("ERR_T4_USAGE", `${path} is not in ${resolve(root)}.`, {
    hint: "Paths count from the directory in which you are.",
    facts: { path },
  });
}

function* upwards(directory: string): Generator<string, void, undefined> {
  for (let current = directory, last = ""; current !== last; last = current, current = dirname(current)) yield current;
}

/** Whose memory a directory has; `undefined`: it has none. */
function ownerOf(directory: string): number | undefined {
  try {
    return lstatSync(join(directory, MEMORY), { throwIfNoEntry: false })?.uid;
  } catch {
    // What cannot be looked into is none of the user's.
    return undefined;
  }
}

/** Whether a directory has a memory that this user wrote. */
function isOurs(directory: string): boolean {
  const owner = ownerOf(directory);
  // On Windows nobody has a number, and no directory is open to all.
  return owner !== undefined && (process.getuid === undefined || owner === process.getuid());
}
