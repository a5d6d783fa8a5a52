import { isT4Error, parseReference, type Reference, T4Error } from "t4";
import { asPath, findHere, type Here, isPathHere, keyFromHere } from "./here.js";

/** What the words of a command line mean. */
export interface Target {
  readonly name: string;
  /** A hash, tag or `latest~n`; `undefined`: the latest. */
  readonly revision: string | undefined;
  readonly path: string | undefined;
  /** As `openRegistry` takes it; `undefined`: the default one. */
  readonly registry: string | undefined;
  /** The registry, if it was named: what other commands have to be told as well. */
  readonly named: string | undefined;
}

/** How a text is understood. */
export interface TargetOptions {
  /** The registry that was named. */
  readonly registry?: string | undefined;
  /** Whether a path inside the package may be meant; where it must, `a/b` alone is a path and no package. Default: none may. */
  readonly path?: "may" | "must";
}

/**
 * The registry that a command works on, for all commands the same: the one that was named, the one of the directory around
 * the user, or else (`undefined`) the configured or local one.
 */
export async function registryOf(named: string | undefined): Promise<string | undefined> {
  return named ?? (await findHere())?.registry;
}

/**
 * Finds the package, revision and path that a text means, where the user stands.
 *
 * In a directory that was installed or pushed, a text may leave out the package: `@<revision>`, `:<tag>` and paths are of
 * the directory's own; paths are looked up in the revision that it stands on. What can be a reference is one; `./` in
 * front says that it is a path.
 */
export async function targetOf(text: string | undefined, options: TargetOptions = {}): Promise<Target> {
  const here = await findHere();
  const reference = referenceIn(text, here, options);
  if (reference === undefined) return inDirectory(here, text, options);
  const { name, revision, path } = reference;
  if (path !== undefined && options.path === undefined) throw await noPath(reference);
  const named = options.registry ?? reference.registry;
  return { name, revision, path, registry: named ?? here?.registry, named };
}

/** A path in the revision that the directory stands on, or that revision. */
function inDirectory(here: Here | undefined, text: string | undefined, options: TargetOptions): Target {
  if (here === undefined) throw noPackage(text);
  if (text !== undefined && options.path === undefined) throw noRevision(text);
  const path = text === undefined ? "" : keyFromHere(here, text);
  return {
    name: here.name,
    // Another registry need not have the revision that the directory stands on.
    revision: options.registry === undefined ? here.topHash : undefined,
    path: path === "" ? undefined : path,
    registry: options.registry ?? here.registry,
    named: options.registry,
  };
}

/** The reference that `Package.browse` takes. */
export function referenceTo({ name, revision }: Target): string {
  return revision === undefined ? name : `${name}@${revision}`;
}

/** Reads a reference, of the directory's own package where it begins with its revision. */
function referenceIn(text: string | undefined, here: Here | undefined, options: TargetOptions): Reference | undefined {
  if (text === undefined || text.startsWith(".")) return undefined;
  try {
    const isOwn = here !== undefined && /^[@:]/.test(text);
    const reference = parseReference(isOwn ? `${here.name}${text}` : text);
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

function noRevision(text: string): T4Error {
  const message = `${JSON.stringify(text)} names no package and no revision.`;
  return new T4Error("ERR_T4_USAGE", message, { hint: revisionForms(text) });
}

/** How a revision is written, to somebody who wrote `text` for one. */
export function revisionForms(text: string): string {
  const meant = /^(?:latest(?:~\d+)?|[0-9a-f]{6,64})$/.test(text) ? `Did you mean @${text}? ` : "";
  return `${meant}Revisions of this directory's package are @<hash>, :<tag> and @latest~1; of others <author>/<package>@latest~1.`;
}

async function noPath({ name, path = "" }: Reference): Promise<T4Error> {
  const whole = `${name}/${path}`;
  return new T4Error("ERR_T4_USAGE", `This command takes a package or revision, no path inside: ${whole}.`, {
    hint: (await isPathHere(whole)) ? asPath(whole) : `Leave out /${path}.`,
  });
}
