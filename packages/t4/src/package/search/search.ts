/** What questions about a registry have in common. */
export interface IndexOptions {
  /** Path or URL of the registry. Default: the configured one, or your local one. */
  readonly registry?: string;
  /**
   * Answers from the index as it is, without looking for new revisions; where there is none yet, it is made. Default `false`.
   */
  readonly cached?: boolean;
  /** So many packages at most, at least 1. Default 20. */
  readonly limit?: number;
  /** Told how many packages have to be read before the answer, if any. */
  readonly onUpdate?: (packages: number) => void;
  /** Aborts; what was read of the registry until then is kept. */
  readonly signal?: AbortSignal;
}

/** A package that was found. */
export interface FoundPackage {
  /** The package's name. */
  readonly name: string;
  /** Its latest revision, in which it was found. */
  readonly topHash: string;
  /** What that revision was said to be; empty when nothing was. */
  readonly message: string;
  /** Number of its files; `null` when its manifest cannot be read. */
  readonly files: number | null;
  /** Bytes of all files; `null` when its manifest cannot be read. */
  readonly size: number | null;
}

/** A package that has the words of a search. */
export interface SearchResult extends FoundPackage {
  /** How well its words fit; greater is better, only to be compared within one answer. */
  readonly score: number;
  /** Logical keys with all words that are in any key, five at most. */
  readonly keys: readonly string[];
  /** How many more there are, among the first 20,000 keys of the package. */
  readonly moreKeys: number;
}

/** An answer to a search. */
export interface SearchAnswer {
  /** The best first. */
  readonly results: readonly SearchResult[];
  /** Words that are nowhere, with those that were looked for in their place. */
  readonly corrected: Readonly<Record<string, readonly string[]>>;
}

/**
 * Finds packages of a registry by words in their names, messages, metadata, logical keys, column names (CSV, TSV, Parquet,
 * Arrow, NumPy) and READMEs.
 *
 * Every word must be found, as it is or as the beginning of a longer one; a word that is nowhere stands for those that differ by a
 * letter or two. Words in names count most, then messages, metadata and columns, READMEs; packages that have them in keys alone come last.
 *
 * An index of the latest revisions is kept in your cache. Before it answers it takes in what was published since: one listing of the
 * pointers, and the manifests of new revisions, with a README and ten tables of each. Warm, it answers in milliseconds.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a query without words, `ERR_T4_NOT_FOUND` when there is no such registry.
 *
 * @example
 * ```ts
 * import { Package, search } from "t4";
 * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
 * await pkg.push("alice/weather", "./registry", { message: "Measured by hand" });
 * const { results } = await search("celsius measured", { registry: "./registry" });
 * for (const { name, topHash, message, keys } of results) console.log(name, topHash, message, keys);
 * ```
 */
export async function search(query: string, options: IndexOptions = {}): Promise<SearchAnswer> {
  // What few programs use is loaded when it runs.
  return (await import("./run-search.js")).runSearch(query, options);
}
