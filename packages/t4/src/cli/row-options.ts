import type { RowsOptions } from "t4";
import { wholeNumber } from "./options.js";

/** The options that say which part of a table is wanted. */
export const COLUMNS = ["--columns <names...>", "only these columns, in this order"] as const;
export const AS_TEXT = ["--text", "leave the cells of csv and tsv texts"] as const;
export const LIMIT = ["-n, --limit <count>", "so many rows", wholeNumber(0)] as const;

/** The values of those options. */
export interface RowOptions {
  readonly columns?: string[];
  readonly text?: boolean;
  readonly limit?: number;
}

/** The part of a table, as the library takes it. */
export function selectionOf({ columns, text, limit }: RowOptions): RowsOptions {
  return { columns, text, limit };
}
