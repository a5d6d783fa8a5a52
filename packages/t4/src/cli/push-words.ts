import { existsSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseReference, T4Error } from "t4";
import { commandLine } from "./command-line.js";
import { isRegistry, notDirectory } from "./here.js";
import type { PushWords } from "./push-source.js";

/** Refuses words in another order than `push` takes them, and directories that are none, each with the line that was meant. */
export function checkPushWords({ name, directory, location, force }: PushWords): void {
  if (name !== undefined && !isName(name)) throw badName({ name, directory, location });
  if (location !== undefined && isFile(location)) throw noFolder(location);
  if (directory === undefined) return;
  // Empty text, as an unset variable gives it, is refused by whoever opens it.
  if (directory !== "" && !isDirectory(directory)) throw noDirectory({ name, directory, location });
  if (location !== undefined) checkBoth({ name, directory, location, force });
  else if (name !== undefined && isRegistry(directory)) {
    throw new T4Error("ERR_T4_USAGE", `${directory} is a registry: which directory is to be published in it?`, {
      hint: `${commandLine("t4", "push", name, ".", directory)} publishes the working directory.`,
    });
  }
}

/** A push that names both. */
interface BothWords {
  readonly name: string | undefined;
  readonly directory: string;
  readonly location: string;
  readonly force: boolean | undefined;
}

function checkBoth({ name, directory, location, force }: BothWords): void {
  if (force !== true && isRegistry(directory) && resolve(directory) !== resolve(location))
    throw swapped({ name, directory, location });
  if (!isName(location) || isDirectory(location)) return;
  throw new T4Error(
    "ERR_T4_USAGE",
    `The registry ${location} looks like the name of a package, and there is no such folder.`,
    { hint: `${commandLine("t4", "push", name, directory, `./${location}`)} makes a registry there.` },
  );
}

function noFolder(location: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `The registry ${location} is a file: a registry is a folder or a bucket.`, {
    hint: "Name a folder; one that is not there yet is made.",
    facts: { path: location },
  });
}

function badName({ name = "", directory, location }: PushWords): T4Error {
  if (directory !== undefined && isName(directory)) {
    return new T4Error("ERR_T4_USAGE", `${name} is no package name: the package comes first, then the directory.`, {
      hint: commandLine("t4", "push", directory, name, location),
    });
  }
  if (isDirectory(name)) {
    return new T4Error("ERR_T4_USAGE", `${name} is a directory: the package comes first.`, {
      hint: `${commandLine("t4", "push", "<author>/<package>", name, location)}, or t4 push in a directory that remembers its package.`,
    });
  }
  return new T4Error(
    "ERR_T4_INVALID_NAME",
    `Invalid package name ${JSON.stringify(name)}: expected <author>/<package>.`,
    {
      hint: "Use letters, digits, '_' and '-' with exactly one '/' between, for example alice/iris.",
      facts: { name },
    },
  );
}

function swapped({ name, directory, location }: PushWords & { readonly directory: string }): T4Error {
  return new T4Error("ERR_T4_USAGE", `${directory} is a registry: did you swap the directory and the registry?`, {
    hint: `${commandLine("t4", "push", name, location, directory)} publishes ${location} in ${directory}. --force publishes the files that lie in the registry's folder.`,
    facts: { path: directory },
  });
}

function noDirectory({ name, directory, location }: PushWords & { readonly directory: string }): T4Error {
  if (existsSync(directory)) return notDirectory(directory);
  return new T4Error("ERR_T4_NOT_FOUND", `There is no directory ${directory}.`, {
    hint: `Give the directory that is to be published: ${commandLine("t4", "push", name, ".", location)} publishes the working directory.`,
    facts: { path: directory },
  });
}

/** Whether what is to be published are objects of a bucket. */
export function isPrefix(path: string): boolean {
  return /^s3:\/\//i.test(path);
}

function isName(text: string): boolean {
  try {
    return parseReference(text).name === text;
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  return isPrefix(path) || path.startsWith("file:") || statOf(path)?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true;
}

/** `undefined` where nothing is, also as a file is on the way there. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Whoever opens it says why not.
    return undefined;
  }
}
