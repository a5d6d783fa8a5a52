import { useEffect, useRef, useState } from "preact/hooks";
import type { DirectoryPage, TreeNode } from "../../server/api.js";
import { asProblem, getJson, type Problem } from "./api-client.js";

/** A line of the tree. */
export interface TreeRow {
  /** Whole path; a directory's ends in a slash. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Absent: a line that stands for more than was read. */
  readonly node?: TreeNode;
  readonly isOpen: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

/** A revision's directories as a tree in which some are open. */
export interface Tree {
  readonly rows: readonly TreeRow[];
  readonly isReady: boolean;
  /** Why the revision's own files cannot be listed. */
  readonly problem: Problem | undefined;
  readonly toggle: (path: string, isOpen: boolean) => void;
}

/** Children of one directory that the tree shows; the directory's own page shows all. */
const MOST_CHILDREN = 500;

/** Opens the directories above `current`, and those that the reader opens. `base` is the revision's address in the API. */
export function useTree(base: string, current: string): Tree {
  const pages = useRef(new Map<string, DirectoryPage | "asked">());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set([""]));
  const [problem, setProblem] = useState<Problem | undefined>();
  const [, redraw] = useState(0);
  useEffect(() => setOpen((before) => new Set([...before, ...directoriesAbove(current)])), [current]);
  useEffect(() => {
    for (const path of open) void load(path);
  }, [open]);
  const load = async (path: string): Promise<void> => {
    if (pages.current.has(path)) return;
    pages.current.set(path, "asked");
    const url = `${base}/dir?path=${encodeURIComponent(path)}&limit=${MOST_CHILDREN}`;
    const page = await getJson<DirectoryPage>(url).catch((error: unknown) => {
      // Any other directory that cannot be read stays closed; its own page says why.
      if (path === "") setProblem(asProblem(error));
      return undefined;
    });
    if (page === undefined) pages.current.delete(path);
    else pages.current.set(path, page);
    redraw((count) => count + 1);
    if (page?.isCounted !== false) return;
    const counted = await getJson<DirectoryPage>(`${url}&counted=1`).catch(() => page);
    pages.current.set(path, counted);
    redraw((count) => count + 1);
  };
  return {
    rows: rowsOf(pages.current, open),
    problem,
    isReady: typeof pages.current.get("") === "object",
    toggle(path, isOpen) {
      const next = new Set(open);
      if (isOpen) next.add(path);
      else next.delete(path);
      setOpen(next);
    },
  };
}

/** `a/b/c` lies in `a/b`, `a` and the root; `a/b/` in itself, too. */
function directoriesAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return ["", ...parts.map((_, i) => parts.slice(0, i + 1).join("/"))];
}

function rowsOf(pages: ReadonlyMap<string, DirectoryPage | "asked">, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (directory: string, depth: number): void => {
    const page = pages.get(directory);
    if (page === undefined || page === "asked") return;
    const prefix = directory === "" ? "" : `${directory}/`;
    for (const [i, node] of page.children.entries()) {
      const inside = prefix + node.name;
      const isOpen = node.isDirectory && open.has(inside);
      const path = node.isDirectory ? `${inside}/` : inside;
      rows.push({ path, name: node.name, depth, node, isOpen, place: i + 1, siblings: page.total });
      if (isOpen) add(inside, depth + 1);
    }
    const place = page.children.length + 1;
    if (place > page.total) return;
    const name = `${(page.total - page.children.length).toLocaleString("en-US")} more`;
    rows.push({ path: prefix, name, depth, isOpen: false, place, siblings: page.total });
  };
  add("", 0);
  return rows;
}
