import { useEffect, useRef, useState } from "preact/hooks";
import type { DirectoryPage, TreeNode } from "../../server/api.js";
import { getJson, type Problem } from "./api-client.js";
import { asProblem } from "./use-resource.js";

/** A directory that is read in parts, as it comes into sight. */
export interface Directory {
  /** Rows in all; `undefined` until the first part is here. */
  readonly total: number | undefined;
  readonly rowAt: (index: number) => TreeNode | undefined;
  /** Says which rows are in sight, `[first, last)`. */
  readonly want: (first: number, last: number) => void;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

const PAGE_ROWS = 200;

interface Part {
  readonly base: string;
  total: number | undefined;
  problem: Problem | undefined;
  readonly pages: Map<number, readonly TreeNode[] | "asked">;
}

/** Reads a directory in an order, both of which the address says. The old list stays in sight until the new one has begun. */
export function useDirectory(base: string): Directory {
  const fresh = (): Part => ({ base, total: undefined, problem: undefined, pages: new Map() });
  const shown = useRef<Part>(fresh());
  const [, redraw] = useState(0);
  const load = async (part: Part, page: number): Promise<void> => {
    if (part.pages.has(page)) return;
    part.pages.set(page, "asked");
    try {
      const answer = await getJson<DirectoryPage>(`${part.base}&offset=${page * PAGE_ROWS}&limit=${PAGE_ROWS}`);
      part.pages.set(page, answer.children);
      part.total = answer.total;
    } catch (error) {
      part.pages.delete(page);
      part.problem = asProblem(error);
    }
    if (part.base === latest.current) shown.current = part;
    redraw((count) => count + 1);
  };
  const latest = useRef(base);
  latest.current = base;
  useEffect(() => void load(fresh(), 0), [base]);
  const { total, problem, pages } = shown.current;
  return {
    total,
    problem,
    retry: () => void load(fresh(), 0),
    rowAt(index) {
      const page = pages.get(Math.floor(index / PAGE_ROWS));
      return page === "asked" ? undefined : page?.[index % PAGE_ROWS];
    },
    want(first, last) {
      const part = shown.current;
      for (let page = Math.floor(first / PAGE_ROWS); page * PAGE_ROWS < last; page++) void load(part, page);
    },
  };
}
