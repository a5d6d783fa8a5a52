import { T4Error } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { requireText } from "../base/unexpected.js";
import type { Entry } from "../format/entry.js";
import type { PackageTree } from "../manifest/package-tree.js";

/** So many names of a directory are compared with the one that it has not. */
const MOST_NAMES = 10_000;

/** The error for a path where a package has nothing, with the path that was probably meant. */
export function nothingAt(tree: PackageTree, key: string): T4Error {
  const near = nearKey(tree, key);
  return new T4Error("ERR_T4_NOT_FOUND", `The package has nothing at ${JSON.stringify(key)}.`, {
    hint: near === undefined ? "t4 ls shows what it has." : meant(key, near),
    facts: { logicalKey: key },
  });
}

function directoryAt(key: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `${JSON.stringify(key)} is a directory of the package, not a file.`, {
    hint: "t4 ls shows what it has.",
    facts: { logicalKey: key },
  });
}

/** What was meant; a path that only looks like another one is shown by its code points. */
function meant(key: string, near: string): string {
  if (near.normalize() !== key.normalize()) return `Did you mean ${near}?`;
  const exact = near.replace(/[^ -~]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return `Did you mean ${exact}? It looks the same and is other characters: copy it from t4 ls.`;
}

/** The path, corrected at the first part that is not there. */
function nearKey(tree: PackageTree, key: string): string | undefined {
  let directory = "";
  for (const part of key.split("/")) {
    const path = directory === "" ? part : `${directory}/${part}`;
    if (part === "" || !tree.isDirectory(path)) {
      const near = nearest(part, namesIn(tree, directory));
      return near === undefined || near === part ? undefined : path.slice(0, path.length - part.length) + near;
    }
    directory = path;
  }
  return undefined;
}

function namesIn(tree: PackageTree, directory: string): string[] {
  const names: string[] = [];
  for (const { name } of tree.children(directory)) if (names.push(name) >= MOST_NAMES) break;
  return names;
}

/** The error for an entry whose key is another file by now. */
export function anotherFileAt(logicalKey: string): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `${JSON.stringify(logicalKey)} was set again since this entry was taken.`, {
    hint: "Take the entry again: pkg.entry(key) is what is there now.",
    facts: { logicalKey },
  });
}

/** @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is no file. */
export function requireEntry(tree: PackageTree, logicalKey: string): Entry {
  requireText(logicalKey, "a logical key");
  const entry = tree.get(logicalKey);
  if (entry !== undefined) return entry;
  throw tree.isDirectory(logicalKey) ? directoryAt(logicalKey) : nothingAt(tree, logicalKey);
}
