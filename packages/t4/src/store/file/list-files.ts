import { join } from "node:path";
import { compareCodePoints } from "../../base/code-points.js";
import { systemCode } from "../../base/errors.js";
import { requireKey } from "../require-key.js";
import type { Listed, ListedObject, ListOptions } from "../store.js";
import { type FileSystem, type FoundName, NOWHERE, unless } from "./file-system.js";
import { linked } from "./held-directory.js";

/** Lists the keys of a store in the directory `root`, in their order. */
export async function* listFiles(
  fs: FileSystem,
  root: string,
  options: ListOptions & { readonly prefix: string },
): AsyncGenerator<Listed, void, undefined> {
  const { prefix, delimiter, refuseLinks = false, signal } = options;
  signal?.throwIfAborted();
  const directory = directoryOf(prefix);
  if (refuseLinks) (await unless(NOWHERE, fs.holdBelow(root, directory)))?.close();
  for (const { name, isDirectory, isLink } of await namesIn(fs, join(root, directory))) {
    const key = directory + name;
    if (!key.startsWith(prefix)) continue;
    if (refuseLinks && isLink) await requireFile(fs, join(root, key));
    if (!isDirectory) {
      const found = await findFile(fs, root, key);
      if (found !== undefined) yield found;
    } else if (delimiter !== undefined) yield { prefix: key };
    else yield* listFiles(fs, root, { ...options, prefix: key });
  }
}

/** The object of a safe key; `undefined`: there is none. */
export async function findFile(fs: FileSystem, root: string, key: string): Promise<ListedObject | undefined> {
  const found = await unless(NOWHERE, fs.stat(join(root, key)));
  if (found === undefined || found.isDirectory) return undefined;
  return { key, size: found.size, modifiedMs: found.modifiedMs };
}

/** The directory, with its slash, that has all keys of a prefix. */
function directoryOf(prefix: string): string {
  const end = prefix.lastIndexOf("/");
  return end < 0 ? "" : `${requireKey(prefix.slice(0, end))}/`;
}

/** A directory sorts with its slash, as its keys do. */
async function namesIn(fs: FileSystem, directory: string): Promise<FoundName[]> {
  const found = (await unless(NOWHERE, fs.readdir(directory))) ?? [];
  return found
    .map(({ name, isDirectory, isLink }) => ({ name: isDirectory ? `${name}/` : name, isDirectory, isLink }))
    .sort((a, b) => compareCodePoints(a.name, b.name));
}

/** Refuses a link to a directory, or to nothing: to a disk that is not there just now. */
async function requireFile(fs: FileSystem, link: string): Promise<void> {
  try {
    await fs.readdir(link);
  } catch (error) {
    if (systemCode(error) === "ENOTDIR") return;
  }
  throw linked(link);
}
