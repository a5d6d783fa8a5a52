import type { Package } from "t4";
import type { DirectoryPage, TreeNode } from "./api.js";
import { pageOf, README_NAMES, SUMMARY } from "./revision-index.js";

/** Children that are taken in; each costs a look-up, and directories come first, so that all of them must be known. */
const MOST = 1000;
/** So many directories, or files where there are no directories so far, are a beginning. Each may cost the reading of a block. */
const BEGINNING = 200;

/** What is asked of a revision. */
export type GlancedPackage = Pick<Package, "keys" | "entry" | "has">;

/**
 * The beginning of a directory without the index of its revision: sums of directories are not known yet, and where there are
 * many directories, or many files before the first directory, only the first of them. `undefined` where there is no such
 * directory, or where more is asked for than a glance takes in.
 */
export function glanceAt(
  pkg: GlancedPackage,
  path: string,
  part: { readonly offset: number; readonly limit: number },
): Omit<DirectoryPage, "meta"> | undefined {
  const directories: TreeNode[] = [];
  const files: string[] = [];
  const isFirst = part.offset === 0;
  const begin = (children: readonly TreeNode[]): Omit<DirectoryPage, "meta"> | undefined =>
    isFirst ? beginning(pkg, path, children.slice(0, part.limit)) : undefined;
  const fileOf = (name: string): TreeNode => fileAt(pkg, path, name);
  for (const key of pkg.keys(path)) {
    if (directories.length + files.length === MOST) {
      return directories.length === 0 ? begin(files.slice(0, BEGINNING).map(fileOf)) : undefined;
    }
    if (!key.endsWith("/")) files.push(key);
    else if (directories.push(directoryOf(key)) === BEGINNING) return begin(directories);
  }
  const children = [...directories, ...files.map(fileOf)];
  if (children.length === 0 && path !== "") return undefined;
  return { ...pageOf(path, children, part), isCounted: false };
}

/** The first children; files that matter are looked for by their names. */
function beginning(pkg: GlancedPackage, path: string, children: readonly TreeNode[]): Omit<DirectoryPage, "meta"> {
  const has = (name: string): boolean => pkg.has(path === "" ? name : `${path}/${name}`);
  return {
    path,
    total: BEGINNING,
    offset: 0,
    children,
    readme: README_NAMES.find(has) ?? null,
    summary: has(SUMMARY) ? SUMMARY : null,
    isCounted: false,
  };
}

function directoryOf(key: string): TreeNode {
  return { name: key.slice(0, -1), isDirectory: true, bytes: null, count: null };
}

function fileAt(pkg: GlancedPackage, path: string, key: string): TreeNode {
  const { size } = pkg.entry(path === "" ? key : `${path}/${key}`);
  return { name: key, isDirectory: false, bytes: size ?? 0, count: 1 };
}
