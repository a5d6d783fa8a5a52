import { type DirectoryBase, directoryBase, isT4Error, parseReference, type Reference, T4Error } from "t4";

/** What the words of a command line mean. */
export interface Target {
  readonly name: string;
  /** A hash, tag or `latest~n`; `undefined`: the latest. */
  readonly revision: string | undefined;
  readonly path: string | undefined;
  /** As `openRegistry` takes it; `undefined`: the default one. */
  readonly registry: string | undefined;
}

/** How a text is understood. */
export interface TargetOptions {
  /** The registry that was named. */
  readonly registry?: string | undefined;
  /** Whether a path inside the package may be meant; where it must, `a/b` alone is a path and no package. Default: none may. */
  readonly path?: "may" | "must";
}

/**
 * Finds the package, revision and path that a text means, in the working directory.
 *
 * In a directory that was installed or pushed, a text may leave out the package: `@<revision>`, `:<tag>` and paths are of
 * the directory's own; paths are looked up in the revision that it stands on. What can be a reference is one; `./` in
 * front says that it is a path.
 */
export async function targetOf(text: string | undefined, options: TargetOptions = {}): Promise<Target> {
  const base = await directoryBase(".");
  // The revision of the directory's own package.
  const isOwn = base !== undefined && text !== undefined && /^[@:]/.test(text);
  const reference = referenceIn(isOwn ? `${base.name}${text}` : text, options);
  if (reference === undefined) return inDirectory(base, text, options);
  const { name, revision, path } = reference;
  if (path !== undefined && options.path === undefined) throw noPath(reference);
  const known = base?.name === name ? base.registry : undefined;
  return { name, revision, path, registry: options.registry ?? reference.registry ?? known };
}

/** A path in the revision that the directory stands on, or that revision. */
function inDirectory(base: DirectoryBase | undefined, text: string | undefined, options: TargetOptions): Target {
  if (base === undefined || (text !== undefined && options.path === undefined)) throw noPackage(text);
  const path = text?.replace(/^(?:\.\/+)+|^\.$/, "");
  return {
    name: base.name,
    // Another registry need not have the revision that the directory stands on.
    revision: options.registry === undefined ? base.topHash : undefined,
    path: path === "" ? undefined : path,
    registry: options.registry ?? base.registry,
  };
}

/** The reference that `Package.browse` takes. */
export function referenceTo({ name, revision }: Target): string {
  return revision === undefined ? name : `${name}@${revision}`;
}

function referenceIn(text: string | undefined, options: TargetOptions): Reference | undefined {
  if (text === undefined || text.startsWith(".")) return undefined;
  try {
    const reference = parseReference(text);
    return options.path === "must" && reference.path === undefined ? undefined : reference;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INVALID_NAME")) return undefined;
    throw error;
  }
}

function noPackage(text: string | undefined): T4Error {
  const here = "this directory was neither installed nor pushed";
  const message =
    text === undefined ? `No package is named, and ${here}.` : `${JSON.stringify(text)} names no package, and ${here}.`;
  return new T4Error("ERR_T4_USAGE", message, {
    hint: "Name one as <author>/<package>, for example alice/weather; t4 list shows those of a registry.",
  });
}

function noPath({ name, path = "" }: Reference): T4Error {
  return new T4Error("ERR_T4_USAGE", `This command takes a package or revision, no path inside: ${name}/${path}.`, {
    hint: `Leave out /${path}.`,
  });
}
