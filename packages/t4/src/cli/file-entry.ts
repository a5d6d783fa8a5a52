import { Package, type PackageEntry, T4Error } from "t4";
import { type CommonOptions, type TrustOptions, trusted } from "./options.js";
import { referenceTo, targetOf } from "./target.js";

/** The options of commands that read a file. */
export interface FileOptions extends CommonOptions, TrustOptions {}

/** The argument of commands that read a file. */
export const FILE_ARGUMENT = [
  "<reference>",
  "<author>/<package>[@<revision>]/<file>, or a path in the directory's package",
] as const;

/** The file that a text means, where the user stands. */
export async function entryAt(text: string, options: FileOptions): Promise<PackageEntry> {
  const target = await targetOf(text, { registry: options.registry, path: "must" });
  const { path } = target;
  if (path === undefined) {
    throw new T4Error("ERR_T4_USAGE", `${text} names no file.`, {
      hint: "Add its path: <author>/<package>/<file>.",
    });
  }
  const pkg = await Package.browse(referenceTo(target), {
    registry: target.registry,
    ...trusted(options),
  });
  return pkg.entry(path);
}
