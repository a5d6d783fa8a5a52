import type { Package } from "t4";
import type { DirectoryPage, TreeNode } from "./api.js";
import { pageOf } from "./revision-index.js";

/** Children that are taken in; each costs a look-up, and directories come first, so that all of them must be known. */
const MOST = 1000;

/**
 * The beginning of a directory without the index of its revision: sums of directories are not known yet. `undefined` where
 * there is no such directory, or where more is in it than a glance takes in.
 */
export function glanceAt(
  pkg: Package,
  path: string,
  part: { readonly offset: number; readonly limit: number },
): Omit<DirectoryPage, "meta"> | undefined {
  const children: TreeNode[] = [];
  for (const key of pkg.keys(path)) {
    if (children.length === MOST) return undefined;
    children.push(childAt(pkg, path, key));
  }
  if (children.length === 0 && path !== "") return undefined;
  children.sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory));
  return { ...pageOf(path, children, part), isCounted: false };
}

function childAt(pkg: Package, path: string, key: string): TreeNode {
  if (key.endsWith("/")) return { name: key.slice(0, -1), isDirectory: true, bytes: null, count: null };
  const { size } = pkg.entry(path === "" ? key : `${path}/${key}`);
  return { name: key, isDirectory: false, bytes: size ?? 0, count: 1 };
}
