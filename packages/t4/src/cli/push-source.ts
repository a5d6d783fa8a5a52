import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  directoryBase,
  isT4Error,
  type LongOperationOptions,
  openRegistry,
  Package,
  parseReference,
  T4Error,
} from "t4";
import { commandLine } from "./command-line.js";

/** The words of a push, as they were written. */
export interface PushWords {
  readonly name: string | undefined;
  readonly directory: string;
  readonly location: string | undefined;
}

/** Refuses words in another order than `push` takes them, and directories that are none, each with the line that was meant. */
export function checkPushWords({ name, directory, location }: PushWords): void {
  if (name !== undefined && !isName(name)) throw badName({ name, directory, location });
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
  if (isName(directory)) {
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

function noDirectory({ name, directory, location }: PushWords): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `There is no directory ${directory}.`, {
    hint: `Give the directory that is to be published: ${commandLine("t4", "push", name, ".", location)} publishes the working directory.`,
    facts: { path: directory },
  });
}

function isName(text: string): boolean {
  try {
    return parseReference(text).name === text;
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  return path.startsWith("file:") || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What a push publishes, as what, and where. */
export interface PushSource {
  readonly pkg: Package;
  /** What it is compared with. */
  readonly before: Package;
  /** `undefined`: there is no such package yet. */
  readonly beforeTopHash: string | undefined;
  readonly name: string;
  /** URL of the registry. */
  readonly registry: string;
}

/** Opens the directory: on top of the revision that it stands on, or of the latest one of the package that was named. */
export async function openPushSource(words: PushWords, options: LongOperationOptions): Promise<PushSource> {
  const base = await directoryBase(words.directory);
  const name = words.name ?? base?.name;
  if (name === undefined) {
    throw new T4Error("ERR_T4_USAGE", `${words.directory} was neither installed nor pushed: name the package.`, {
      hint: "t4 push <author>/<package> <directory> <registry>",
    });
  }
  const known = base?.name === name ? base.registry : undefined;
  const { url: registry } = await openRegistry(words.location ?? known);
  const directory = registry === known ? await Package.openDirectory(words.directory, options) : undefined;
  if (directory !== undefined) {
    return { pkg: directory.current, before: directory.base, beforeTopHash: directory.topHash, name, registry };
  }
  return { ...(await onLatest(words.directory, { name, registry, ...options })), name, registry };
}

/** The directory's files with the metadata of the package's latest revision, if there is one. */
async function onLatest(
  directory: string,
  { name, registry, ...options }: LongOperationOptions & { readonly name: string; readonly registry: string },
): Promise<Pick<PushSource, "pkg" | "before" | "beforeTopHash">> {
  const before = await browse(name, registry);
  const start = before?.filter(() => true) ?? new Package();
  const pkg = await start.setDir("", directory, { mirror: true, signal: options.signal });
  await pkg.hashPending(options);
  return { pkg, before: before ?? new Package(), beforeTopHash: before?.topHash() };
}

async function browse(name: string, registry: string): Promise<Package | undefined> {
  try {
    return await Package.browse(name, { registry });
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return undefined;
    throw error;
  }
}
