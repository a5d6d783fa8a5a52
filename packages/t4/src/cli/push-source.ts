import { directoryBase, isT4Error, type LongOperationOptions, openRegistry, Package, T4Error } from "t4";

/** The words of a push, as they were written. */
export interface PushWords {
  readonly name: string | undefined;
  readonly directory: string;
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
  const { url: registry, identity } = await openRegistry(words.location ?? known);
  // The directory's own registry, by whatever path it was named.
  const isKnown = known !== undefined && identity === (await openRegistry(known)).identity;
  const directory = isKnown ? await Package.openDirectory(words.directory, options) : undefined;
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
