import {
  type DirectoryBase,
  directoryBase,
  isT4Error,
  type LongOperationOptions,
  openRegistry,
  Package,
  pathOrUrl,
} from "t4";
import { findHere, type Here, notRemembered } from "./here.js";

/** The words of a push, as they were written. */
export interface PushWords {
  readonly name: string | undefined;
  readonly directory: string | undefined;
  readonly location: string | undefined;
}

/** What a push publishes, as what, and where. */
export interface PushSource {
  readonly pkg: Package;
  /** What it is compared with. */
  readonly before: Package;
  /** `undefined`: there is no such package yet. */
  readonly beforeTopHash: string | undefined;
  readonly name: string;
  /** The directory, as a path from where the user stands. */
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
  const { url: registry, identity } = await openRegistry(found.registry);
  // The directory's own registry, by whatever path it was named.
  const isKnown = base?.name === name && identity === (await openRegistry(base.registry)).identity;
  const open = isKnown ? await Package.openDirectory(directory, options) : undefined;
  const source = { name, root: directory, registry, location };
  if (open !== undefined) return { ...source, pkg: open.current, before: open.base, beforeTopHash: open.topHash };
  return { ...source, ...(await onLatest(source, options)) };
}

/** The directory that is published: the one that was named, or else the one around the user if it is of that package. */
async function meaning({ name: named, directory, location }: PushWords): Promise<Meant> {
  const here = await findHere();
  const isAround = directory === undefined && here !== undefined && (named === undefined || named === here.name);
  const place = isAround ? here.root : (directory ?? ".");
  const base = isAround ? here : await directoryBase(place);
  const name = named ?? base?.name;
  if (name === undefined)
    throw notRemembered(place, "Name the package: t4 push <author>/<package> <directory> <registry>.");
  const own = base?.name === name ? base : here;
  return { name, directory: place, base, ...placeOf(location, own, here) };
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
  options: LongOperationOptions,
): Promise<Pick<PushSource, "pkg" | "before" | "beforeTopHash">> {
  const before = await browse(name, registry);
  const start = before?.filter(() => true) ?? new Package();
  const pkg = await start.setDir("", root, { mirror: true, signal: options.signal });
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
