import { isT4Error, Package, parseReference, T4Error } from "t4";
import { type Comparison, compare } from "./comparison.js";
import { type Here, keyFromHere, openWorkplace, pathFromHere, workplace } from "./here.js";
import { referenceTo, revisionForms, targetOf } from "./target.js";

/** Two packages that are to be compared, and what their files are called where the user stands. */
export interface Compared {
  readonly comparison: Comparison;
  readonly nameOf: (logicalKey: string) => string;
  /** Logical keys of what alone is wanted; none: all. */
  readonly paths: readonly string[];
}

/** How the words are understood. */
interface Options {
  readonly registry?: string | undefined;
  readonly signal: AbortSignal;
}

/** Compares what the words say: at most two revisions, then paths. Without a revision, the directory with its own. */
export async function compared(words: readonly string[], { registry, signal }: Options): Promise<Compared> {
  const count = words.findIndex((word, i) => i === 2 || !isRevision(word));
  const [revisions, paths] = count < 0 ? [words, []] : [words.slice(0, count), words.slice(count)];
  const [from, to] = revisions;
  const sides = from === undefined ? await withDirectory(signal) : await ofRevisions(from, to, registry);
  const keys = paths.map((path) => sides.keyOf(path));
  paths.forEach((path, i) => requireThere(sides.comparison, { path, key: keys[i] ?? "" }));
  return { ...sides, paths: keys };
}

interface Sides extends Omit<Compared, "paths"> {
  readonly keyOf: (path: string) => string;
}

async function withDirectory(signal: AbortSignal): Promise<Sides> {
  const place = await openWorkplace(undefined, { signal });
  const { base, current } = place.pkg;
  return { comparison: compare(base, current), ...names(place) };
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
async function ofRevisions(from: string, to: string | undefined, registry: string | undefined): Promise<Sides> {
  const [before, after] = [await targetOf(from, { registry }), await targetOf(to ?? from, { registry })];
  const later = await Package.browse(to === undefined ? after.name : referenceTo(after), { registry: after.registry });
  const earlier = await Package.browse(referenceTo(before), { registry: before.registry });
  const isOwn = /^[@:]/.test(from);
  const how = isOwn ? names(await workplace(undefined)) : OF_PACKAGE;
  return { comparison: compare(earlier, later), ...how };
}

/** Whether a word is a revision, or a package; what can be one is one. */
function isRevision(word: string): boolean {
  if (/^[@:]/.test(word)) return true;
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
