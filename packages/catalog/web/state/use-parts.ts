import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem, getJson, type Problem } from "./api-client.js";

/** A list that is read in parts, as it comes into sight. */
export interface Parts<Row, Answer> {
  /** Rows in all; `undefined` until the first part is here. */
  readonly total: number | undefined;
  readonly rowAt: (index: number) => Row | undefined;
  /** The first part as it came, with what it says of the whole. */
  readonly first: Answer | undefined;
  /** Says which rows are in sight, `[first, last)`. */
  readonly want: (first: number, last: number) => void;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

const PAGE_ROWS = 200;

interface Part<Row, Answer> {
  readonly base: string;
  first: Answer | undefined;
  problem: Problem | undefined;
  readonly pages: Map<number, readonly Row[] | "asked">;
}

/**
 * Reads the list that an address names; `rowsOf` tells where an answer has them. The old list stays in sight until the new
 * one has begun.
 */
export function useParts<Row, Answer extends { readonly total: number }>(
  base: string,
  rowsOf: (answer: Answer) => readonly Row[],
): Parts<Row, Answer> {
  const fresh = (): Part<Row, Answer> => ({ base, first: undefined, problem: undefined, pages: new Map() });
  const shown = useRef<Part<Row, Answer>>(fresh());
  const [, redraw] = useState(0);
  const load = async (part: Part<Row, Answer>, page: number): Promise<void> => {
    if (part.pages.has(page)) return;
    part.pages.set(page, "asked");
    try {
      const answer = await getJson<Answer>(`${part.base}&offset=${page * PAGE_ROWS}&limit=${PAGE_ROWS}`);
      part.pages.set(page, rowsOf(answer));
      part.first ??= answer;
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
  const { first, problem, pages } = shown.current;
  return {
    first,
    total: first?.total,
    problem,
    retry: () => void load(fresh(), 0),
    rowAt(index) {
      const page = pages.get(Math.floor(index / PAGE_ROWS));
      return page === "asked" ? undefined : page?.[index % PAGE_ROWS];
    },
    want(from, last) {
      const part = shown.current;
      for (let page = Math.floor(from / PAGE_ROWS); page * PAGE_ROWS < last; page++) void load(part, page);
    },
  };
}
