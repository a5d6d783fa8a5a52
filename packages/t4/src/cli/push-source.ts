import {
  type DirectoryBase,
  directoryBase,
  isT4Error,
  type LongOperationOptions,
  type OpenDirectoryOptions,
  openRegistry,
  Package,
  pathOrUrl,
  type Registry,
  type SkippedPath,
  T4Error,
} from "t4";
import { commandLine } from "./command-line.js";
import { findHere, type Here, notRemembered } from "./here.js";
import { isPrefix } from "./push-words.js";
import { short } from "./render.js";

/** The words of a push, as they were written. */
export interface PushWords {
  readonly name: string | undefined;
  readonly directory: string | undefined;
  readonly location: string | undefined;
  /** Whether it goes on top of whatever is there. */
  readonly force?: boolean;
}

/** What a push publishes, as what, and where. */
export interface PushSource {
  readonly pkg: Package;
  /** What it is compared with. */
  readonly before: Package;
  /** `undefined`: there is no such package yet. */
  readonly beforeTopHash: string | undefined;
  /** Whether the directory stands on that revision; else it knows none of this package there. */
  readonly isBased: boolean;
  /** What of the directory no package can hold. */
  readonly skipped: readonly SkippedPath[];
  /** What the directory belonged to, where that was another package or registry; it will not any more. */
  readonly former: DirectoryBase | undefined;
  /** Whether this is the first package of its registry. */
  readonly isFirst: boolean;
  readonly name: string;
  /** The directory, as a path from where the user stands, or a prefix of a bucket. */
  readonly root: string;
  /** URL of the registry. */
  readonly registry: string;
  /** How the registry has to be named to other commands; `undefined`: they find it where the user stands. */
  readonly location: string | undefined;
}

/** What the words mean. */
interface Meant {
  readonly name: string;
  readonly directory: string;
  readonly base: DirectoryBase | undefined;
  /** As `openRegistry` takes it, and as other commands do. */
  readonly registry: string | undefined;
  readonly location: string | undefined;
}

/** Opens the directory: on top of the revision that it stands on, or of the latest one of the package that was named. */
export async function openPushSource(words: PushWords, options: LongOperationOptions): Promise<PushSource> {
  const { name, directory, base, location, ...found } = await meaning(words);
  const opened = await openRegistry(found.registry);
  const { url: registry, identity } = opened;
  // The directory's own registry, by whatever path it was named.
  const isKnown = base?.name === name && identity === (await openRegistry(base.registry)).identity;
  if (isKnown && words.force !== true) await requireStill(opened, base);
  const skipped: SkippedPath[] = [];
  const onSkipped = (one: SkippedPath): void => void skipped.push(one);
  const open = isKnown ? await Package.openDirectory(directory, { ...options, onSkipped }) : undefined;
  const former = isKnown ? undefined : base;
  const source = { name, root: directory, registry, location, isBased: open !== undefined, skipped, former };
  const onBase = open && { pkg: open.current, before: open.base, beforeTopHash: open.topHash };
  const changes = onBase ?? (await onLatest(source, { ...options, onSkipped }));
  const isNew = changes.beforeTopHash === undefined || words.force === true;
  return { ...source, ...changes, isFirst: isNew && (await fillOf(opened)) !== "full" };
}

/** The directory that is published: the one that was named, or else the one around the user if it is of that package. */
async function meaning({ name: named, directory, location }: PushWords): Promise<Meant> {
  const here = await findHere();
  const isAround = directory === undefined && here !== undefined && (named === undefined || named === here.name);
  const place = isAround ? here.root : (directory ?? ".");
  const base = isAround ? here : await baseAt(place);
  const name = named ?? base?.name;
  if (name === undefined)
    throw notRemembered(place, "Name the package: t4 push <author>/<package> <directory> <registry>.");
  const own = base?.name === name ? base : here;
  return { name, directory: place, base, ...placeOf(location, own, here) };
}

/** What a directory stands on; objects of a bucket remember nothing. */
async function baseAt(place: string): Promise<DirectoryBase | undefined> {
  return isPrefix(place) ? undefined : directoryBase(place);
}

/** A directory's registry that is not there, as when it is not mounted, is not made anew by the way. */
async function requireStill(registry: Registry, { name, topHash, ...base }: DirectoryBase): Promise<void> {
  try {
    await registry.resolve(name);
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_NOT_FOUND")) throw error;
    const isThere = (await fillOf(registry)) !== "absent";
    const back = isThere ? `${commandLine("t4", "undo", name)} brings it back if it was taken out` : "Mount it";
    const elsewhere = commandLine("t4", "push", name, ".");
    throw new T4Error(
      "ERR_T4_NOT_FOUND",
      `${error.message} This directory stands on its revision ${short(topHash)}. Nothing was published.`,
      {
        hint: `${back}. If it has another place now: ${elsewhere} <registry>. --force begins anew where it was.`,
        facts: { registry: base.registry, topHash },
        cause: error,
      },
    );
  }
}

/** Whether a registry is there, and has packages. */
async function fillOf(registry: Registry): Promise<"absent" | "empty" | "full"> {
  try {
    for await (const _ of registry.packages()) return "full";
    return "empty";
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return "absent";
    throw error;
  }
}

/** The registry that was named, or else that of the directory. */
function placeOf(
  location: string | undefined,
  own: DirectoryBase | undefined,
  here: Here | undefined,
): Pick<Meant, "registry" | "location"> {
  if (location !== undefined) return { registry: location, location };
  const isFound = own === undefined || own.registry === here?.registry;
  return { registry: own?.registry, location: isFound ? undefined : pathOrUrl(own.registry) };
}

/** The directory's files with the metadata of the package's latest revision, if there is one. */
async function onLatest(
  { name, root, registry }: Pick<PushSource, "name" | "root" | "registry">,
  { onSkipped, ...options }: OpenDirectoryOptions,
): Promise<Pick<PushSource, "pkg" | "before" | "beforeTopHash">> {
  const before = await browse(name, registry);
  const start = before?.filter(() => true) ?? new Package();
  const pkg = await start.setDir("", root, { mirror: true, signal: options.signal, onSkipped });
  // What a server copies, it hashes on the way: objects are not read before that is known.
  if (!isPrefix(root)) await pkg.hashPending(options);
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
