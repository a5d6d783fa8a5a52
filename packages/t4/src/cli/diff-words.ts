import { type BrowseOptions, isT4Error, Package, parseReference, T4Error } from "t4";
import { type Comparison, compare } from "./comparison.js";
import { type Here, keyFromHere, openWorkplace, pathFromHere, workplace } from "./here.js";
import { referenceTo, revisionForms, type Target, targetOf } from "./target.js";

/** Two packages that are to be compared, and what their files are called where the user stands. */
export interface Compared {
  readonly comparison: Comparison;
  readonly nameOf: (logicalKey: string) => string;
  /** Logical keys of what alone is wanted; none: all. */
  readonly paths: readonly string[];
}

/** How the words are understood. */
interface Options extends Pick<BrowseOptions, "allowLocal" | "trustBuckets"> {
  readonly registry?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Compares what the words say: at most two revisions, then paths. A revision of the directory's own package that stands
 * alone is compared with the directory as it is now, without one the revision that it stands on; of another package, with
 * that package's latest.
 */
export async function compared(words: readonly string[], options: Options): Promise<Compared> {
  const count = words.findIndex((word, i) => i === 2 || !isRevision(word));
  const [revisions, paths] = count < 0 ? [words, []] : [words.slice(0, count), words.slice(count)];
  const [from, to] = revisions;
  const isOfDirectory = from === undefined || (to === undefined && isOwn(from));
  const sides = await (isOfDirectory ? withDirectory(from, options) : ofRevisions(from, to, options));
  const keys = paths.map((path) => sides.keyOf(path));
  paths.forEach((path, i) => requireThere(sides.comparison, { path, key: keys[i] ?? "" }));
  return { ...sides, paths: keys };
}

interface Sides extends Omit<Compared, "paths"> {
  readonly keyOf: (path: string) => string;
}

/** The directory as it is now, beside a revision of its package or the one that it stands on. */
async function withDirectory(from: string | undefined, options: Options): Promise<Sides> {
  const place = await openWorkplace(undefined, { signal: options.signal });
  const before =
    from === undefined ? place.pkg.base : await browse(await targetOf(from, { registry: options.registry }), options);
  return { comparison: compare(before, place.pkg.current), ...names(place) };
}

/** Names and paths where the user stands. */
function names(place: Here): Pick<Sides, "nameOf" | "keyOf"> {
  return { nameOf: (key) => pathFromHere(place, key), keyOf: (path) => keyFromHere(place, path) };
}

/** Those of a package that was named. */
const OF_PACKAGE: Pick<Sides, "nameOf" | "keyOf"> = {
  nameOf: (key) => key,
  keyOf: (path) => path.replace(/^(?:\.\/+)+|^\.$|\/+$/g, ""),
};

/** Paths count from where the user stands if the revisions are of the directory's own package, written without its name. */
async function ofRevisions(from: string, to: string | undefined, options: Options): Promise<Sides> {
  const { registry } = options;
  const before = await targetOf(from, { registry });
  const after = to === undefined ? { ...before, revision: undefined } : await targetOf(to, { registry });
  const comparison = compare(await browse(before, options), await browse(after, options));
  return { comparison, ...(isOwn(from) ? names(await workplace(undefined)) : OF_PACKAGE) };
}

function browse(target: Target, { allowLocal, trustBuckets }: Options): Promise<Package> {
  return Package.browse(referenceTo(target), { registry: target.registry, allowLocal, trustBuckets });
}

/** Whether a word is a revision of the directory's own package. */
function isOwn(word: string): boolean {
  return /^[@:]/.test(word);
}

/** Whether a word is a revision, or a package; what can be one is one. */
function isRevision(word: string): boolean {
  if (isOwn(word)) return true;
  if (word.startsWith(".")) return false;
  try {
    parseReference(word);
    return true;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INVALID_NAME")) return false;
    throw error;
  }
}

function requireThere(
  { before, after }: Comparison,
  { path, key }: { readonly path: string; readonly key: string },
): void {
  if (key === "" || before.has(key) || after.has(key)) return;
  throw new T4Error("ERR_T4_NOT_FOUND", `There is nothing at ${JSON.stringify(path)} on either side.`, {
    hint: `Revisions come first, then paths. ${revisionForms(path)}`,
    facts: { path },
  });
}
