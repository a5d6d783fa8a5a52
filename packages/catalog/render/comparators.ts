import type { ComponentType } from "preact";
import { type PreviewFile, TEXT_NAMES } from "./previews.js";

/** Two states of a file. */
export interface CompareProps {
  readonly before: PreviewFile;
  readonly after: PreviewFile;
  /** Address that compares all rows of both, if they are tables. */
  readonly rows: string;
}

/** A way to compare two states of a file. */
export interface Comparator {
  readonly id: string;
  readonly label: string;
  /** Names that it fits. */
  readonly pattern: RegExp;
  readonly load: () => Promise<{ readonly View: ComponentType<CompareProps> }>;
}

/** All ways to compare; of those that fit a name, the first is shown. */
export const COMPARATORS: readonly Comparator[] = [
  {
    id: "pictures",
    label: "Pictures",
    pattern: /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i,
    load: () => import("./compare/pictures.js"),
  },
  {
    id: "rows",
    label: "Rows",
    pattern: /\.(?:csv|tsv|tab|jsonl|ndjson|parquet|pq)$/i,
    load: () => import("./compare/rows.js"),
  },
  { id: "lines", label: "Lines", pattern: TEXT_NAMES, load: () => import("./compare/lines.js") },
];
