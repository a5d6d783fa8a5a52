import { setImmediate } from "node:timers/promises";
import type { Package } from "t4";
import type { DirectoryPage, ExtensionTotal, TreeNode } from "./api.js";

/** Where the files below a directory stand among all. */
interface Span {
  readonly start: number;
  end: number;
}

/**
 * All paths of a revision in tree order, in which the files below a directory stand together: sums over a directory are
 * one subtraction, its children one step each. About 150 bytes a file.
 */
export interface RevisionIndex {
  readonly keys: readonly string[];
  /** `sums[i]`: bytes of the first `i` files. */
  readonly sums: Float64Array;
  readonly directories: ReadonlyMap<string, Span>;
}

/** Files that are read between two looks at other requests. */
const SLICE = 20_000;

/** Indexes a revision. Costs about two seconds for a million files, during which other requests are served. */
export async function indexRevision(pkg: Package): Promise<RevisionIndex> {
  const keys: string[] = [];
  const sums = new Float64Array(pkg.count + 1);
  const directories = new Map<string, Span>([["", { start: 0, end: pkg.count }]]);
  for (const [key, { size }] of pkg.walk()) {
    const at = keys.push(key);
    sums[at] = (sums[at - 1] ?? 0) + (size ?? 0);
    // From the innermost directory out: whatever holds it has seen this file's neighbours, too.
    for (let slash = key.lastIndexOf("/"); slash > 0; slash = key.lastIndexOf("/", slash - 1)) {
      const span = directories.get(key.slice(0, slash));
      if (span === undefined) directories.set(key.slice(0, slash), { start: at - 1, end: at });
      else span.end = at;
    }
    if (at % SLICE === 0) await setImmediate();
  }
  return { keys, sums, directories };
}

/** Bytes of the files in a span. */
function bytesOf({ sums }: RevisionIndex, { start, end }: Span): number {
  return (sums[end] ?? 0) - (sums[start] ?? 0);
}

/** Files and bytes of the whole revision. */
export function totals(index: RevisionIndex): { readonly count: number; readonly bytes: number } {
  const { keys } = index;
  return { count: keys.length, bytes: bytesOf(index, { start: 0, end: keys.length }) };
}

/** Orders of a listing. */
export const SORTS = ["name", "-name", "size", "-size"] as const;
export type Sort = (typeof SORTS)[number];

/** Which part of a directory is wanted, and in which order. */
export interface DirectoryQuery {
  readonly offset: number;
  readonly limit: number;
  readonly sort: Sort;
}

/** The file that says which files of its directory to show first. */
export const SUMMARY = "quilt_summarize.json";
const README = /^readme(\.(md|markdown|txt))?$/i;
/** Readmes as most people spell them, for those who can only ask for a name. */
export const README_NAMES = ["README.md", "readme.md", "Readme.md", "README", "README.txt", "README.markdown"];

/** The listing of each index that was asked for last: a long one is read part by part. */
const lastListed = new WeakMap<RevisionIndex, { readonly key: string; readonly children: readonly CountedNode[] }>();

/**
 * A part of a directory, directories first; `undefined` when there is no such directory. Costs a step per child, and nothing for
 * another part of the same listing.
 */
export function listDirectory(
  index: RevisionIndex,
  path: string,
  { offset, limit, sort }: DirectoryQuery,
): Omit<DirectoryPage, "meta"> | undefined {
  const span = index.directories.get(path);
  if (span === undefined) return undefined;
  const key = `${sort} ${path}`;
  const last = lastListed.get(index);
  const children = last?.key === key ? last.children : childrenOf(index, path, span).sort(ORDERS[sort]);
  lastListed.set(index, { key, children });
  return { ...pageOf(path, children, { offset, limit }), isCounted: true };
}

/** A part of a directory's children. */
export function pageOf(
  path: string,
  children: readonly TreeNode[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Omit<DirectoryPage, "meta" | "isCounted"> {
  const readme = children.find(({ name, isDirectory }) => !isDirectory && README.test(name))?.name ?? null;
  const summary = children.find(({ name, isDirectory }) => !isDirectory && name === SUMMARY)?.name ?? null;
  return { path, total: children.length, offset, children: children.slice(offset, offset + limit), readme, summary };
}

/** A child with its sums. */
interface CountedNode extends TreeNode {
  readonly bytes: number;
  readonly count: number;
}

function childrenOf(index: RevisionIndex, path: string, span: Span): CountedNode[] {
  const { keys, directories } = index;
  const prefix = path === "" ? "" : `${path}/`;
  const children: CountedNode[] = [];
  for (let at = span.start; at < span.end; ) {
    const key = keys[at] as string;
    const slash = key.indexOf("/", prefix.length);
    const end = slash === -1 ? at + 1 : (directories.get(key.slice(0, slash))?.end ?? at + 1);
    const name = key.slice(prefix.length, slash === -1 ? undefined : slash);
    children.push({ name, isDirectory: slash !== -1, bytes: bytesOf(index, { start: at, end }), count: end - at });
    at = end;
  }
  return children;
}

type Order = (a: CountedNode, b: CountedNode) => number;

/** The order of the tree is that of the names, and sorting keeps it between equals. */
const directoriesFirst: Order = (a, b) => Number(b.isDirectory) - Number(a.isDirectory);
const ORDERS: Record<Sort, Order> = {
  name: directoriesFirst,
  "-name": (a, b) => directoriesFirst(a, b) || (a.name < b.name ? 1 : -1),
  size: (a, b) => a.bytes - b.bytes,
  "-size": (a, b) => b.bytes - a.bytes,
};

/** Kinds of files that are told apart. */
const MOST_EXTENSIONS = 50;

/** Files and bytes by extension, largest first. */
export function extensionsOf({ keys, sums }: RevisionIndex): ExtensionTotal[] {
  const found = new Map<string, { count: number; bytes: number }>();
  for (const [i, key] of keys.entries()) {
    const extension = /\.[A-Za-z0-9_-]{1,12}$/.exec(key)?.[0].toLowerCase() ?? "";
    const total = found.get(extension) ?? { count: 0, bytes: 0 };
    found.set(extension, { count: total.count + 1, bytes: total.bytes + (sums[i + 1] ?? 0) - (sums[i] ?? 0) });
  }
  const all = Array.from(found, ([extension, total]) => ({ extension, ...total }));
  return all.sort((a, b) => b.bytes - a.bytes || b.count - a.count).slice(0, MOST_EXTENSIONS);
}
