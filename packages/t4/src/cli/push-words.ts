import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseReference, T4Error } from "t4";
import { commandLine } from "./command-line.js";
import type { PushWords } from "./push-source.js";

/** Refuses words in another order than `push` takes them, and directories that are none, each with the line that was meant. */
export function checkPushWords({ name, directory, location }: PushWords): void {
  if (name !== undefined && !isName(name)) throw badName({ name, directory, location });
  if (directory === undefined) return;
  if (!isDirectory(directory)) throw noDirectory({ name, directory, location });
  if (location === undefined && name !== undefined && existsSync(join(directory, ".quilt"))) {
    throw new T4Error("ERR_T4_USAGE", `${directory} is a registry: which directory is to be published in it?`, {
      hint: `${commandLine("t4", "push", name, ".", directory)} publishes the working directory.`,
    });
  }
  if (location !== undefined && isName(location) && !isDirectory(location)) {
    throw new T4Error(
      "ERR_T4_USAGE",
      `The registry ${location} looks like the name of a package, and there is no such folder.`,
      {
        hint: `${commandLine("t4", "push", name, directory, `./${location}`)} makes a registry there.`,
      },
    );
  }
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

function noDirectory({ name, directory, location }: PushWords & { readonly directory: string }): T4Error {
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
  return (
    isPrefix(path) || path.startsWith("file:") || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  );
}
