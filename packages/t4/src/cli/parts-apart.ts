import { directoryBase, Package, PackageEntry, T4Error } from "t4";
import { type TrustOptions, trusted } from "./options.js";

/** Parts of a package that are to be placed beside each other. */
export interface Parts {
  readonly reference: string;
  readonly registry: string | undefined;
  /** `undefined`: where packages are installed by default. */
  readonly dest: string | undefined;
  readonly paths: readonly string[];
}

/**
 * Requires that several parts can be in one directory, before anything is written: one that does not have the package gets
 * each without the path before it, so that files of two parts may have one name.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` naming the first two files that would meet.
 */
export async function requireApart(
  { reference, registry, dest, paths }: Parts,
  { name, options }: { readonly name: string; readonly options: TrustOptions },
): Promise<void> {
  if (dest !== undefined && (await directoryBase(dest))?.name === name) return;
  const pkg = await Package.browse(reference, { registry, ...trusted(options) });
  const taken = new Map<string, string>();
  for (const path of paths) {
    for (const [place, key] of placesOf(pkg, path.replace(/\/+$/, ""))) {
      const other = taken.get(place);
      if (other !== undefined && other !== key) throw meeting(place, [other, key]);
      taken.set(place, key);
    }
  }
}

/** The files of a part: where each would be placed, and its logical key. */
function* placesOf(pkg: Package, path: string): Generator<readonly [place: string, key: string], void, undefined> {
  const part = path === "" ? pkg : pkg.get(path);
  if (part instanceof PackageEntry) yield [path.slice(path.lastIndexOf("/") + 1), path];
  else for (const [key] of part.walk()) yield [key, path === "" ? key : `${path}/${key}`];
}

function meeting(place: string, keys: readonly string[]): T4Error {
  const [first = "", second = ""] = keys;
  return new T4Error(
    "ERR_T4_USAGE",
    `${JSON.stringify(first)} and ${JSON.stringify(second)} would both become ${JSON.stringify(place)}, without the path before them. Nothing was written.`,
    {
      hint: "Install each --path with a --dest of its own; or all of the package, in which every file keeps its path.",
      facts: { keys },
    },
  );
}
